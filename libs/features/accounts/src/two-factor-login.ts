import { DomainError } from '@cartwright/domain-errors';
import type { SignedInDto } from './accounts.contracts.ts';
import type { AuthLimits } from './auth-limits.ts';
import { passwordMarkOf, type LoginChallenges } from './login-challenges.ts';
import type { SecondFactor } from './second-factor.ts';
import type { SignIn, SignInFacts } from './sign-in.ts';
import type { SecondFactorProof } from './two-factor.ts';
import type { UserRepository } from './user-repository.ts';

/** The second step of signing in. */
export function createTwoFactorLogin(dependencies: {
  users: Pick<UserRepository, 'byId'>;
  challenges: Pick<LoginChallenges, 'try' | 'close'>;
  secondFactor: Pick<SecondFactor, 'prove'>;
  limits: Pick<AuthLimits, 'loggedIn'>;
  signIn: SignIn;
}) {
  const { users, challenges, secondFactor, limits, signIn } = dependencies;
  return {
    /**
     * Meets the challenge that `login` answered. Throws TWO_FACTOR_CHALLENGE_INVALID when it is not good any more (start
     * with the password again), TWO_FACTOR_CODE_INVALID, RATE_LIMITED.
     */
    async verifyTwoFactor(
      { challenge, ...proof }: { challenge: string } & SecondFactorProof,
      facts: SignInFacts,
    ): Promise<SignedInDto> {
      const opened = await challenges.try(challenge);
      const user = opened && (await users.byId(opened.userId));
      if (!user?.twoFactor?.enabled || passwordMarkOf(user) !== opened?.passwordMark) {
        throw new DomainError('TWO_FACTOR_CHALLENGE_INVALID');
      }
      await secondFactor.prove(user, proof, facts);
      if (!(await challenges.close(challenge))) throw new DomainError('TWO_FACTOR_CHALLENGE_INVALID');
      await limits.loggedIn(user.email, facts.ip);
      const codeShown = 'code' in proof && proof.code !== undefined;
      return signIn(user, { ...facts, deviceName: opened.deviceName, codeShown });
    },
  };
}
