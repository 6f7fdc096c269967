import { banStateAt } from './ban.ts';
import type { SessionStore, Standing } from './session-store.ts';
import type { UserRepository } from './user-repository.ts';
import type { User } from './user.ts';

/** What sessions keep of their user, so that each call looks at it without reading the user. */
export const standingOf = (user: Pick<User, 'role' | 'emailVerifiedAt' | 'ban'>): Standing => ({
  role: user.role,
  emailVerified: user.emailVerifiedAt !== null,
  ban: user.ban ? { from: user.ban.from, until: user.ban.until } : undefined,
});

/** Whether two states of a user come to the same for sessions. */
export const isSameStanding = (one: User, other: User): boolean =>
  JSON.stringify(standingOf(one)) === JSON.stringify(standingOf(other));

/**
 * Makes how a user carries over changes of role, verification or ban into the sessions: they hold from the next call on,
 * and sockets are closed or opened anew. A banned user's sessions end. Changes that overtake each other end up as the last
 * one: the user is read again after the sessions were written.
 */
export function createStanding({
  users,
  sessions,
  clock,
}: {
  users: Pick<UserRepository, 'byId'>;
  sessions: Pick<SessionStore, 'setStanding' | 'endAllOf'>;
  clock: () => Date;
}) {
  return async function carryStanding(userId: string): Promise<void> {
    let user = await users.byId(userId);
    for (let written = -1; user && user.version !== written; user = await users.byId(userId)) {
      written = user.version;
      if (banStateAt(user.ban, clock()) === 'active') await sessions.endAllOf(userId);
      else await sessions.setStanding(userId, standingOf(user));
    }
    if (!user) await sessions.endAllOf(userId);
  };
}

export type CarryStanding = ReturnType<typeof createStanding>;
