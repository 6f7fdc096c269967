import { DomainError } from '@cartwright/domain-errors';
import type { Role } from '@cartwright/domain-permissions';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { AccountTokens } from '../account-tokens.ts';
import type { AdminGuard } from '../admin-guard-repository.ts';
import type { CarryStanding } from '../standing.ts';
import type { UserRepository } from '../user-repository.ts';
import type { SubjectOf } from './authority.ts';
import { userRoleChanged } from './people.events.ts';

/** Who may do what. */
export function createRoles({
  users,
  admins,
  accountTokens,
  subjectOf,
  carryStanding,
  mongo,
  outbox,
  clock,
}: {
  users: Pick<UserRepository, 'save'>;
  admins: AdminGuard;
  accountTokens: Pick<AccountTokens, 'revoke'>;
  subjectOf: SubjectOf;
  carryStanding: CarryStanding;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  return {
    /**
     * Gives a user a role; it holds for sessions and sockets that are open already. The role that they have changes
     * nothing. Throws OWN_ACCOUNT, FORBIDDEN, NOT_FOUND, EMAIL_NOT_VERIFIED for staff and administrators whose address
     * isn't, LAST_ADMIN.
     */
    async setRole(actorId: string, { userId, role }: { userId: string; role: Role }): Promise<void> {
      await mongo.transaction(async (tx) => {
        const now = clock();
        const user = await subjectOf(actorId, userId, tx);
        if (user.role === role) return;
        if (role !== 'customer' && user.emailVerifiedAt === null) throw new DomainError('EMAIL_NOT_VERIFIED');
        await admins.keepOne(user, now, tx);
        const saved = await users.save({ ...user, role }, tx);
        // Whoever had the account's address before gets no operator's account back by it.
        if (role !== 'customer') await accountTokens.revoke(userId, ['emailUndo'], tx);
        await outbox.append(tx, [
          {
            event: userRoleChanged,
            aggregateId: saved.id,
            aggregateVersion: saved.version,
            payload: { userId: saved.id, email: saved.email, from: user.role, to: role },
            occurredAt: now,
          },
        ]);
      });
      await carryStanding(userId);
    },
  };
}

export type Roles = ReturnType<typeof createRoles>;
