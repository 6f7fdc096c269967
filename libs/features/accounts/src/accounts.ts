import type { Logger } from '@cartwright/platform-logger';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { Redis } from '@cartwright/platform-redis';
import type { PasswordHasher, SecretBox, TokenIssuer, Totp } from '@cartwright/platform-security';
import { createAccountService } from './account-service.ts';
import {
  defaultAccountLimits,
  withNetworkFactor,
  type AccountLimits,
  type AuditPort,
  type CartMergePort,
  type SessionSettings,
} from './accounts.ports.ts';
import { createAuthLimits } from './auth-limits.ts';
import { createAuthService } from './auth-service.ts';
import { createLoginChallenges } from './login-challenges.ts';
import { createRefreshTokens } from './refresh-token.ts';
import { createSecondFactor } from './second-factor.ts';
import { createSessionStore } from './session-store.ts';
import { createTwoFactorRepository } from './two-factor-repository.ts';
import { createTwoFactorSettings } from './two-factor-settings.ts';
import { createUserModel } from './user.model.ts';
import { createUserRepository } from './user-repository.ts';

/** Puts the feature together. `redis` is the durable one: sessions and limits live there. */
export function createAccounts(options: {
  mongo: Pick<Mongo, 'connection' | 'transaction'>;
  redis: Pick<Redis, 'client' | 'key'>;
  outbox: Pick<Outbox, 'append'>;
  tokens: Pick<TokenIssuer, 'issue' | 'verify'>;
  passwords: PasswordHasher;
  totp: Totp;
  secrets: SecretBox;
  carts: CartMergePort;
  audit: AuditPort;
  settings: SessionSettings;
  limits?: Partial<AccountLimits>;
  /** Multiplies the limits by network; 1 by default. */
  networkLimitFactor?: number;
  clock: () => Date;
  logger: Logger;
}) {
  const { mongo, redis, outbox, tokens, passwords, totp, secrets, carts, audit, settings, clock, logger } = options;
  const limits = createAuthLimits({
    redis,
    limits: withNetworkFactor({ ...defaultAccountLimits, ...options.limits }, options.networkLimitFactor ?? 1),
  });
  const model = createUserModel(mongo.connection);
  const users = createUserRepository({ users: model });
  const twoFactors = createTwoFactorRepository({ users: model });
  const secondFactor = createSecondFactor({ mongo, twoFactors, totp, secrets, limits, audit, clock });
  const sessions = createSessionStore({ redis, idleSeconds: settings.refreshIdleSeconds, clock });
  const auth = createAuthService({
    users,
    sessions,
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
  const accounts = createAccountService({ users, sessions, auth, passwords, clock });
  const twoFactor = createTwoFactorSettings({
    ...{ mongo, users, twoFactors, secondFactor, totp, secrets, passwords, limits, audit, clock },
  });
  return { auth, accounts, sessions, twoFactor };
}

export type Accounts = ReturnType<typeof createAccounts>;
