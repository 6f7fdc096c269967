import type { Principal } from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import type { PasswordHasher } from '@cartwright/platform-security';
import type { ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { SecondFactor } from './second-factor.ts';
import type { SessionStore } from './session-store.ts';
import type { UserRepository } from './user-repository.ts';
import type { User } from './user.ts';

const STEP_UP_MS = 10 * 60_000;

/** Until when somebody who shows now who they are needs not show it again in this session, for dangerous actions. */
export const stepUpFrom = (now: Date): Date => new Date(now.getTime() + STEP_UP_MS);

/** Asks a signed-in user again who they are. */
export function createStepUp(dependencies: {
  users: Pick<UserRepository, 'byId'>;
  sessions: Pick<SessionStore, 'stepUp'>;
  passwords: PasswordHasher;
  secondFactor: Pick<SecondFactor, 'prove'>;
  limits: Pick<AuthLimits, 'loggingIn' | 'loggedIn'>;
  clock: () => Date;
}) {
  const { users, sessions, passwords, secondFactor, limits, clock } = dependencies;

  async function provePassword(user: User, password: string, { ip }: ClientFacts): Promise<void> {
    await limits.loggingIn(user.email, ip);
    if (!(await passwords.verify(password, user.passwordHash))) throw new DomainError('INVALID_CREDENTIALS');
    await limits.loggedIn(user.email, ip);
  }

  return {
    /**
     * Dangerous actions are open to this session for ten minutes, by password or a code of the second factor. Throws
     * INVALID_CREDENTIALS, TWO_FACTOR_CODE_INVALID, TWO_FACTOR_NOT_ENABLED, RATE_LIMITED.
     */
    async stepUp(
      principal: Principal,
      proof: { password: string } | { code: string },
      facts: ClientFacts,
    ): Promise<{ stepUpUntil: Date }> {
      const user = await users.byId(principal.userId);
      if (!user) throw new DomainError('UNAUTHENTICATED');
      if ('code' in proof) await secondFactor.prove(user, proof, facts);
      else await provePassword(user, proof.password, facts);
      const stepUpUntil = stepUpFrom(clock());
      await sessions.stepUp(principal.sessionId, stepUpUntil, { byCode: 'code' in proof });
      return { stepUpUntil };
    },
  };
}
