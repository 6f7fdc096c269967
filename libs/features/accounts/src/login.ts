import { DomainError } from '@cartwright/domain-errors';
import type { PasswordHasher } from '@cartwright/platform-security';
import { assertNotBanned } from './ban.ts';
import type { SignedInDto } from './accounts.contracts.ts';
import type { AuditPort } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { LoginChallenges } from './login-challenges.ts';
import type { SignIn, SignInFacts } from './sign-in.ts';
import type { TwoFactorRequiredDto } from './two-factor.contracts.ts';
import type { UserRepository } from './user-repository.ts';

/** Signing in with a password. */
export function createLogin(dependencies: {
  users: Pick<UserRepository, 'byEmail'>;
  passwords: Pick<PasswordHasher, 'verify'>;
  limits: Pick<AuthLimits, 'loggingIn' | 'loggedIn'>;
  challenges: Pick<LoginChallenges, 'open'>;
  signIn: SignIn;
  audit: AuditPort;
  clock: () => Date;
}) {
  const { users, passwords, limits, challenges, signIn, audit, clock } = dependencies;
  return {
    /**
     * Signs in, or answers the challenge that asks for the second factor. Throws INVALID_CREDENTIALS, alike and after the
     * same time for unknown addresses and wrong passwords; ACCOUNT_BANNED.
     */
    async login(
      input: { email: string; password: string },
      facts: SignInFacts,
    ): Promise<SignedInDto | TwoFactorRequiredDto> {
      await limits.loggingIn(input.email, facts.ip);
      const user = await users.byEmail(input.email);
      const fits = await passwords.verify(input.password, user?.passwordHash);
      if (!user || !fits) {
        const { ip, userAgent } = facts;
        // Written for unknown addresses too: the same work, and the same time, as for known ones.
        const target = user ? { target: { kind: 'user', id: user.id } } : {};
        const actor = { kind: 'guest' as const };
        await audit.append({ action: 'login.failed', actor, ...target, outcome: 'refused', ip, userAgent });
        throw new DomainError('INVALID_CREDENTIALS');
      }
      assertNotBanned(user, clock());
      // Nobody is in yet: the try counts until the second factor is shown.
      if (user.twoFactor?.enabled) {
        return { status: 'two_factor_required', challenge: await challenges.open(user, facts) };
      }
      await limits.loggedIn(input.email, facts.ip);
      return signIn(user, facts);
    },
  };
}
