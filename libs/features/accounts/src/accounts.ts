import type { Logger } from '@cartwright/platform-logger';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { Queues } from '@cartwright/platform-queue';
import type { Redis } from '@cartwright/platform-redis';
import type { PasswordHasher, SecretBox, TokenIssuer, Totp } from '@cartwright/platform-security';
import { createAccountService } from './account-service.ts';
import {
  defaultAccountLimits,
  withNetworkFactor,
  type AccountLimits,
  type AuditPort,
  type CartMergePort,
  type PersonalDataSource,
  type SessionSettings,
} from './accounts.ports.ts';
import { createAdminGuardModel } from './admin-guard.model.ts';
import { createAdminGuard } from './admin-guard-repository.ts';
import { createAccountHandlers } from './account-handlers.ts';
import { createAccountMails } from './account-mails.ts';
import { createAccountTokenModel } from './account-token.model.ts';
import { createAccountTokenRepository } from './account-token-repository.ts';
import { createAccountTokens } from './account-tokens.ts';
import { createIdentity } from './create-identity.ts';
import { createEndingSessions } from './ending-sessions.ts';
import { createMailRequestModel } from './mail-request.model.ts';
import { createMailRequestRepository } from './mail-request-repository.ts';
import { createMailRequests } from './mail-requests.ts';
import { createAuthLimits } from './auth-limits.ts';
import { createAuthService } from './auth-service.ts';
import { createLoginChallenges } from './login-challenges.ts';
import { createAuthority } from './people/authority.ts';
import { createPeopleFeature } from './people/create-people.ts';
import type { OrderCountsPort } from './people/people.ports.ts';
import { createRefreshTokens } from './refresh-token.ts';
import { createSecondFactor } from './second-factor.ts';
import { createSessionCheck } from './session-check.ts';
import { createSessionStore } from './session-store.ts';
import { watchEndedSessions, type EndedSessions } from './session-watch.ts';
import { createStanding } from './standing.ts';
import { createTwoFactorNews } from './two-factor-news.ts';
import { createTwoFactorRepository } from './two-factor-repository.ts';
import { createTwoFactorSettings } from './two-factor-settings.ts';
import { createUserModel } from './user.model.ts';
import { createUserRepository } from './user-repository.ts';

/** Puts the feature together. `redis` is the durable one: sessions and limits live there. */
export function createAccounts(options: {
  mongo: Pick<Mongo, 'connection' | 'transaction'>;
  redis: Pick<Redis, 'client' | 'key' | 'duplicate'>;
  outbox: Pick<Outbox, 'append'>;
  tokens: Pick<TokenIssuer, 'issue' | 'verify'>;
  passwords: PasswordHasher;
  totp: Totp;
  secrets: SecretBox;
  mails: Pick<Mails, 'write'>;
  carts: CartMergePort;
  audit: AuditPort;
  orders: OrderCountsPort;
  settings: SessionSettings;
  /** Where the shop delivers, ISO 3166-1 alpha-2. */
  countries: readonly string[];
  /** What other features know of a user; looked at when somebody asks. */
  personalData: () => readonly PersonalDataSource[];
  /** Where clients reach the API, without a slash at the end. */
  publicUrl: string;
  limits?: Partial<AccountLimits>;
  /** Multiplies the limits by network; 1 by default. */
  networkLimitFactor?: number;
  clock: () => Date;
  logger: Logger;
}) {
  const { mongo, redis, outbox, tokens, passwords, totp, secrets, mails, carts, audit, settings, clock, logger } =
    options;
  const limits = createAuthLimits({
    redis,
    limits: withNetworkFactor({ ...defaultAccountLimits, ...options.limits }, options.networkLimitFactor ?? 1),
  });
  const model = createUserModel(mongo.connection);
  const users = createUserRepository({ users: model });
  const twoFactors = createTwoFactorRepository({ users: model });
  const sessions = createSessionStore({
    redis,
    idleSeconds: settings.refreshIdleSeconds,
    onEnded: (sessionId) => check.forget(sessionId),
    clock,
  });
  const check = createSessionCheck({ sessions });
  const carryStanding = createStanding({ users, sessions, clock });
  const authority = createAuthority({ users, clock });
  const { connection } = mongo;
  const templates = createAccountMails({ secret: settings.sessionSecret });
  const accountTokens = createAccountTokens({
    repository: createAccountTokenRepository({ tokens: createAccountTokenModel(connection) }),
    secret: settings.sessionSecret,
    clock,
  });
  const news = createTwoFactorNews({ users, accountTokens, mails, templates, outbox, clock });
  const secondFactor = createSecondFactor({ mongo, twoFactors, totp, secrets, limits, news, audit, clock });
  const mailRequests = createMailRequests({
    ...{ users, tokens: accountTokens, mails, templates, mongo, outbox, clock },
    requests: createMailRequestRepository({ requests: createMailRequestModel(connection) }),
  });
  const endSessions = createEndingSessions({ sessions });
  const auth = createAuthService({
    users,
    sessions,
    carryStanding,
    authority,
    check,
    audit,
    ...{ accountTokens, mailRequests, mails, templates, endSessions },
    refreshTokens: createRefreshTokens({ key: settings.sessionSecret }),
    tokens,
    passwords,
    limits,
    challenges: createLoginChallenges({ redis }),
    secondFactor,
    carts,
    mongo,
    outbox,
    familySeconds: settings.refreshFamilySeconds,
    clock,
    logger,
  });
  const accounts = createAccountService({
    ...{ users, sessions, accountTokens, carryStanding, auth, passwords, mongo, audit, clock },
  });
  const twoFactor = createTwoFactorSettings({
    ...{ mongo, users, twoFactors, secondFactor, totp, secrets, sessions, passwords, limits, news, audit, clock },
  });
  const admins = createAdminGuard({ guard: createAdminGuardModel(connection), users: model });
  const {
    people,
    processors: peopleProcessors,
    handlers: peopleHandlers,
  } = createPeopleFeature({
    ...{ model, users, sessions, admins, accountTokens, carryStanding, authority, secondFactor, mails, templates },
    ...{ mongo, outbox, clock, logger, invites: auth },
    orders: options.orders,
  });
  const identity = createIdentity({
    ...{ users, auth, sessions, carryStanding, secondFactor, admins, accountTokens, mails, templates, limits },
    ...{ endSessions, mongo, outbox, audit, clock, logger },
    ...{ countries: options.countries, personalData: options.personalData, publicUrl: options.publicUrl },
    secret: settings.sessionSecret,
  });
  /** `queues`: where what has to be done later is put. */
  const handlers = (queues: Pick<Queues, 'enqueue'>) => [
    ...createAccountHandlers({ mailRequests, endSessions, personalData: identity.personalData }),
    ...peopleHandlers(queues),
  ];
  /** Hears of sessions that end on whatever instance, for hosts that answer calls and hold sockets. */
  const watchSessions = ({ onEnded, onGap }: EndedSessions): Promise<{ close(): void }> =>
    watchEndedSessions({
      redis,
      channel: sessions.endedChannel,
      onListening: check.setListening,
      onEnded: (sessionId) => {
        check.forget(sessionId);
        onEnded(sessionId);
      },
      onGap,
    });

  return {
    auth,
    accounts,
    sessions,
    twoFactor,
    identity,
    accountTokens,
    people,
    peopleProcessors,
    handlers,
    watchSessions,
  };
}

export type Accounts = ReturnType<typeof createAccounts>;
