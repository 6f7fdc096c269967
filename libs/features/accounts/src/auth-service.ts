import type { Logger } from '@cartwright/platform-logger';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { PasswordHasher, TokenIssuer } from '@cartwright/platform-security';
import type { AccountMails } from './account-mails.ts';
import type { AccountTokens } from './account-tokens.ts';
import type { AuditPort, CartMergePort } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import { createEmailVerification } from './email-verification.ts';
import type { EndSessions } from './ending-sessions.ts';
import { createLogin } from './login.ts';
import type { MailRequests } from './mail-requests.ts';
import { createOwnSessions } from './own-sessions.ts';
import type { LoginChallenges } from './login-challenges.ts';
import type { Authority } from './people/authority.ts';
import { createInvites } from './people/invites.ts';
import { createPasswords } from './passwords.ts';
import type { RefreshTokens } from './refresh-token.ts';
import { createRefreshing } from './refreshing.ts';
import { createRegistration } from './registration.ts';
import type { SecondFactor } from './second-factor.ts';
import type { SessionCheck } from './session-check.ts';
import type { SessionStore } from './session-store.ts';
import { createSignIn } from './sign-in.ts';
import type { CarryStanding } from './standing.ts';
import { createStepUp } from './step-up.ts';
import { createTwoFactorLogin } from './two-factor-login.ts';
import type { UserRepository } from './user-repository.ts';

export interface AuthServiceDependencies {
  readonly users: UserRepository;
  readonly sessions: SessionStore;
  readonly carryStanding: CarryStanding;
  readonly authority: Authority;
  readonly check: Pick<SessionCheck, 'find'>;
  readonly refreshTokens: RefreshTokens;
  readonly tokens: Pick<TokenIssuer, 'issue' | 'verify'>;
  readonly passwords: PasswordHasher;
  readonly limits: AuthLimits;
  readonly challenges: LoginChallenges;
  readonly secondFactor: SecondFactor;
  readonly carts: CartMergePort;
  readonly audit: AuditPort;
  readonly accountTokens: AccountTokens;
  readonly mailRequests: MailRequests;
  readonly mails: Pick<Mails, 'write'>;
  readonly templates: AccountMails;
  readonly endSessions: EndSessions;
  readonly mongo: Pick<Mongo, 'transaction'>;
  readonly outbox: Pick<Outbox, 'append'>;
  readonly familySeconds: number;
  readonly clock: () => Date;
  readonly logger: Logger;
}

/** Signing in and out, and telling who calls: each use case stands in a file of its own. */
export function createAuthService(dependencies: AuthServiceDependencies) {
  const signIn = createSignIn(dependencies);
  return {
    ...createRegistration({ ...dependencies, signIn }),
    ...createInvites({ ...dependencies, signIn }),
    ...createLogin({ ...dependencies, signIn }),
    ...createTwoFactorLogin({ ...dependencies, signIn }),
    ...createRefreshing(dependencies),
    ...createOwnSessions(dependencies),
    ...createStepUp(dependencies),
    ...createEmailVerification(dependencies),
    ...createPasswords(dependencies),
  };
}

export type AuthService = ReturnType<typeof createAuthService>;
