import { DomainError } from '@cartwright/domain-errors';
import type { PasswordHasher } from '@cartwright/platform-security';
import type { SignedInDto } from './accounts.contracts.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { SignIn, SignInFacts } from './sign-in.ts';
import type { UserRepository } from './user-repository.ts';

/** Signing in with a password. */
export function createLogin(dependencies: {
  users: Pick<UserRepository, 'byEmail'>;
  passwords: Pick<PasswordHasher, 'verify'>;
  limits: Pick<AuthLimits, 'loggingIn' | 'loggedIn'>;
  signIn: SignIn;
}) {
  const { users, passwords, limits, signIn } = dependencies;
  return {
    /** Throws INVALID_CREDENTIALS, alike and after the same time for unknown addresses and wrong passwords. */
    async login(input: { email: string; password: string }, facts: SignInFacts): Promise<SignedInDto> {
      await limits.loggingIn(input.email, facts.ip);
      const user = await users.byEmail(input.email);
      const fits = await passwords.verify(input.password, user?.passwordHash);
      if (!user || !fits) throw new DomainError('INVALID_CREDENTIALS');
      await limits.loggedIn(input.email, facts.ip);
      return signIn(user, facts);
    },
  };
}
