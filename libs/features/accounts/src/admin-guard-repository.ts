import { DomainError } from '@cartwright/domain-errors';
import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { AdminGuardModel } from './admin-guard.model.ts';
import type { UserModel } from './user.model.ts';

/** Sees to it that somebody is left who may do everything. */
export function createAdminGuard({ guard, users }: { guard: AdminGuardModel; users: UserModel }) {
  return {
    /**
     * To be called, before anything else is written, in a transaction that makes this user no administrator any more, by
     * whatever way; for others it does nothing. Throws LAST_ADMIN when nobody would be left: an administrator who is or
     * will be banned, or whose account is about to be removed, doesn't count. Transactions at once conflict here, and the later one counts anew.
     */
    async keepOne(user: { readonly id: string; readonly role: string }, now: Date, tx: Tx): Promise<void> {
      if (user.role !== 'admin') return;
      await guard.updateOne({ _id: 'admins' }, { $inc: { changes: 1 } }, { ...sessionOption(tx), upsert: true });
      const others = await users
        .find(
          {
            role: 'admin',
            _id: { $ne: user.id },
            removal: { $exists: false },
            $or: [{ ban: { $exists: false } }, { 'ban.until': { $lte: now } }],
          },
          { _id: 1 },
          sessionOption(tx),
        )
        .limit(1)
        .lean<{ _id: string }[]>();
      if (others.length === 0) throw new DomainError('LAST_ADMIN');
    },
  };
}

export type AdminGuard = ReturnType<typeof createAdminGuard>;
