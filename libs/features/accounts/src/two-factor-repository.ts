import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter, UpdateQuery } from 'mongoose';
import type { EnabledTwoFactor } from './two-factor.ts';
import type { UserDoc, UserModel } from './user.model.ts';

/**
 * Narrow changes of users' second factors. Each states what it takes for granted and answers whether that still held: of
 * many at once that use up the same thing, one succeeds. They count as versions of the user, so that nobody who read the
 * user before can write the old state back.
 */
export function createTwoFactorRepository({ users }: { users: UserModel }) {
  async function change(filter: QueryFilter<UserDoc>, update: UpdateQuery<UserDoc>, tx?: Tx): Promise<boolean> {
    const next: UpdateQuery<UserDoc> = { ...update, $inc: { version: 1 } };
    const { modifiedCount } = await users.updateOne(filter, next, sessionOption(tx));
    return modifiedCount === 1;
  }

  return {
    /** Keeps a secret that is to be shown to work; one before it that never was is replaced. */
    setPending: (userId: string, secret: string): Promise<boolean> =>
      change({ _id: userId, 'twoFactor.enabled': { $exists: false } }, { $set: { 'twoFactor.pending': { secret } } }),

    /** Turns the pending secret on, when it is still this one. */
    enable: (userId: string, enabled: EnabledTwoFactor, tx: Tx): Promise<boolean> =>
      change(
        { _id: userId, 'twoFactor.pending.secret': enabled.secret, 'twoFactor.enabled': { $exists: false } },
        { $set: { twoFactor: { enabled } } },
        tx,
      ),

    /** Uses up a time step of a secret, and puts the secret sealed anew in its place when that is given. */
    useStep: (userId: string, { secret, step, resealed }: { secret: string; step: number; resealed?: string }) =>
      change(
        { _id: userId, 'twoFactor.enabled.secret': secret, 'twoFactor.enabled.lastStep': { $lt: step } },
        { $set: { 'twoFactor.enabled.lastStep': step, 'twoFactor.enabled.secret': resealed ?? secret } },
      ),

    useRecoveryCode: (userId: string, hash: string, tx: Tx): Promise<boolean> =>
      change(
        { _id: userId, 'twoFactor.enabled.recoveryCodes': hash },
        { $pull: { 'twoFactor.enabled.recoveryCodes': hash } },
        tx,
      ),

    replaceRecoveryCodes: (userId: string, hashes: readonly string[], tx: Tx): Promise<boolean> =>
      change(
        { _id: userId, 'twoFactor.enabled': { $exists: true } },
        { $set: { 'twoFactor.enabled.recoveryCodes': [...hashes] } },
        tx,
      ),

    /** Forgets the second factor, pending or enabled. */
    clear: (userId: string, tx: Tx): Promise<boolean> =>
      change({ _id: userId, twoFactor: { $exists: true } }, { $unset: { twoFactor: '' } }, tx),
  };
}

export type TwoFactorRepository = ReturnType<typeof createTwoFactorRepository>;
