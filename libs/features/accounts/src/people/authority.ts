import { DomainError, notFound } from '@cartwright/domain-errors';
import { can } from '@cartwright/domain-permissions';
import type { Tx } from '@cartwright/platform-mongo';
import { banStateAt } from '../ban.ts';
import type { UserRepository } from '../user-repository.ts';
import type { User } from '../user.ts';

/**
 * Whom an administrator acts on, read in the transaction of the action. The session said who may when the call began; here
 * it is looked at once more, so that of two who act on each other one comes too late. Throws OWN_ACCOUNT for oneself,
 * FORBIDDEN for who may no more, NOT_FOUND.
 */
export function createAuthority({ users, clock }: { users: Pick<UserRepository, 'byId'>; clock: () => Date }) {
  return async function subjectOf(actorId: string, userId: string, tx: Tx): Promise<User> {
    if (actorId === userId) throw new DomainError('OWN_ACCOUNT');
    const actor = await users.byId(actorId, tx);
    const mayManage = actor && can(actor.role, 'users.manage') && banStateAt(actor.ban, clock()) !== 'active';
    if (!mayManage) throw new DomainError('FORBIDDEN');
    const user = await users.byId(userId, tx);
    if (!user) throw notFound('user');
    return user;
  };
}

export type SubjectOf = ReturnType<typeof createAuthority>;
