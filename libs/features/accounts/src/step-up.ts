import type { Principal } from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import type { PasswordHasher } from '@cartwright/platform-security';
import type { AuthLimits } from './auth-limits.ts';
import type { SessionStore } from './session-store.ts';
import type { UserRepository } from './user-repository.ts';

const STEP_UP_MS = 10 * 60_000;

/** Until when somebody who shows now who they are needs not show it again in this session, for dangerous actions. */
export const stepUpFrom = (now: Date): Date => new Date(now.getTime() + STEP_UP_MS);

/** Asks a signed-in user again who they are. */
export function createStepUp(dependencies: {
  users: Pick<UserRepository, 'byId'>;
  sessions: Pick<SessionStore, 'stepUp'>;
  passwords: PasswordHasher;
  limits: Pick<AuthLimits, 'loggingIn' | 'loggedIn'>;
  clock: () => Date;
}) {
  const { users, sessions, passwords, limits, clock } = dependencies;

  return {
    /** Dangerous actions are open to this session for ten minutes. Throws INVALID_CREDENTIALS, RATE_LIMITED. */
    async stepUp(
      principal: Principal,
      { password }: { password: string },
      { ip }: { ip: string },
    ): Promise<{ stepUpUntil: Date }> {
      const user = await users.byId(principal.userId);
      if (!user) throw new DomainError('UNAUTHENTICATED');
      await limits.loggingIn(user.email, ip);
      if (!(await passwords.verify(password, user.passwordHash))) throw new DomainError('INVALID_CREDENTIALS');
      await limits.loggedIn(user.email, ip);
      const stepUpUntil = stepUpFrom(clock());
      await sessions.stepUp(principal.sessionId, stepUpUntil);
      return { stepUpUntil };
    },
  };
}
