import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { AccountTokenDoc, AccountTokenKind, AccountTokenModel } from './account-token.model.ts';

/** Reads and writes mailed tokens, by their hashes. */
export function createAccountTokenRepository({ tokens }: { tokens: AccountTokenModel }) {
  return {
    async insert(doc: AccountTokenDoc, tx: Tx): Promise<void> {
      await tokens.insertMany([doc], sessionOption(tx));
    },

    /** One that is good still. */
    find: (hash: string, kind: AccountTokenKind, now: Date, tx?: Tx): Promise<AccountTokenDoc | null> =>
      tokens
        .findOne({ _id: hash, kind, expiresAt: { $gt: now } })
        .session(sessionOf(tx) ?? null)
        .lean<AccountTokenDoc>(),

    /** Takes it out of use; false when somebody else has done so. */
    async remove(hash: string, tx: Tx): Promise<boolean> {
      return (await tokens.deleteOne({ _id: hash }, sessionOption(tx))).deletedCount === 1;
    },

    /** Takes a user's tokens of these kinds out of use; with `since`, those made from then on. */
    async removeOf(userId: string, kinds: readonly AccountTokenKind[], tx: Tx, since?: Date): Promise<void> {
      const made = since === undefined ? {} : { createdAt: { $gte: since } };
      await tokens.deleteMany({ userId, kind: { $in: [...kinds] }, ...made }, sessionOption(tx));
    },

    /** Leaves the newest `keep` of a user's tokens of a kind, or of those about one address. */
    async removeSurplus(
      of: { userId: string; kind: AccountTokenKind; emailKey?: string },
      keep: number,
      tx: Tx,
    ): Promise<void> {
      const surplus = await tokens
        .find(of, { _id: 1 }, sessionOption(tx))
        .sort({ createdAt: -1 })
        .skip(keep)
        .lean<{ _id: string }[]>();
      if (surplus.length === 0) return;
      await tokens.deleteMany({ _id: { $in: surplus.map(({ _id }) => _id) } }, sessionOption(tx));
    },

    /** Whose good token of this kind is about the address. */
    async holdersOf(emailKey: string, kind: AccountTokenKind, now: Date): Promise<string[]> {
      const found = await tokens
        .find({ emailKey, kind, expiresAt: { $gt: now } }, { userId: 1 })
        .lean<{ userId: string }[]>();
      return found.map(({ userId }) => userId);
    },
  };
}

export type AccountTokenRepository = ReturnType<typeof createAccountTokenRepository>;
