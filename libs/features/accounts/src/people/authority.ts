import { DomainError, notFound } from '@cartwright/domain-errors';
import { can } from '@cartwright/domain-permissions';
import type { Tx } from '@cartwright/platform-mongo';
import { banStateAt } from '../ban.ts';
import type { UserRepository } from '../user-repository.ts';
import type { User } from '../user.ts';

/**
 * Who may act on people, read in the transaction of the action. The session said so when the call began; here it is looked
 * at once more, so that of two who act on each other one comes too late.
 */
export function createAuthority({ users, clock }: { users: Pick<UserRepository, 'byId'>; clock: () => Date }) {
  async function canManage(actorId: string, tx: Tx): Promise<boolean> {
    const actor = await users.byId(actorId, tx);
    return actor !== null && can(actor.role, 'users.manage') && banStateAt(actor.ban, clock()) !== 'active';
  }

  /** Throws FORBIDDEN for who may no more. */
  async function mayManage(actorId: string, tx: Tx): Promise<void> {
    if (!(await canManage(actorId, tx))) throw new DomainError('FORBIDDEN');
  }

  return {
    canManage,
    mayManage,
    /** The one acted on. Throws OWN_ACCOUNT for oneself, FORBIDDEN, NOT_FOUND. */
    async subjectOf(actorId: string, userId: string, tx: Tx): Promise<User> {
      if (actorId === userId) throw new DomainError('OWN_ACCOUNT');
      await mayManage(actorId, tx);
      const user = await users.byId(userId, tx);
      if (!user) throw notFound('user');
      return user;
    },
  };
}

export type Authority = ReturnType<typeof createAuthority>;
export type SubjectOf = Authority['subjectOf'];
