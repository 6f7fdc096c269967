import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { UpdateQuery } from 'mongoose';
import type { UploadDoc, UploadModels } from './upload.model.ts';
import type { UploadState } from './uploads.contracts.ts';

/** States of uploads that nobody uses yet. */
const OPEN: readonly UploadState[] = ['presigned', 'uploaded', 'verifying', 'ready'];
/** That no product has, and nobody works with. */
const FREE = { productId: { $exists: false }, 'heldBy.0': { $exists: false } };

/** Reads and writes uploads. */
export function createUploadRepository({ uploads, uploaders }: UploadModels) {
  return {
    byId: (id: string, tx?: Tx): Promise<UploadDoc | null> =>
      uploads
        .findById(id)
        .session(sessionOf(tx) ?? null)
        .lean<UploadDoc>(),
    byProduct: (productId: string, tx: Tx): Promise<UploadDoc[]> =>
      uploads
        .find({ productId })
        .session(sessionOf(tx) ?? null)
        .lean<UploadDoc[]>(),

    async insert(doc: UploadDoc, tx: Tx): Promise<void> {
      await uploads.insertMany([doc], sessionOption(tx));
    },
    /** Takes a user's turn: of two who count at once, one waits for the other. */
    async takeTurn(userId: string, tx: Tx): Promise<void> {
      await uploaders.updateOne({ _id: userId }, { $inc: { begun: 1 } }, { ...sessionOption(tx), upsert: true });
    },
    /** How many files of a user nobody uses yet, and their bytes. */
    async open(userId: string, tx: Tx): Promise<{ count: number; bytes: number }> {
      const docs = await uploads
        .find({ userId, state: { $in: [...OPEN] }, productId: { $exists: false } }, { size: 1 })
        .session(sessionOf(tx) ?? null)
        .lean<Pick<UploadDoc, '_id' | 'size'>[]>();
      return { count: docs.length, bytes: docs.reduce((sum, { size }) => sum + size, 0) };
    },

    /** Changes an upload that is in one of these states, that no product has and nobody holds; null when it is not. */
    move(id: string, from: readonly UploadState[], change: UpdateQuery<UploadDoc>, tx?: Tx): Promise<UploadDoc | null> {
      return uploads
        .findOneAndUpdate({ _id: id, state: { $in: [...from] }, ...FREE }, change, {
          ...sessionOption(tx),
          returnDocument: 'after',
        })
        .lean<UploadDoc>();
    },
    async hold(id: string, holder: string, tx: Tx): Promise<void> {
      await uploads.updateOne({ _id: id }, { $addToSet: { heldBy: holder } }, sessionOption(tx));
    },
    async release(id: string, holder: string, tx: Tx): Promise<void> {
      await uploads.updateOne({ _id: id }, { $pull: { heldBy: holder } }, sessionOption(tx));
    },
    /** Writes an upload read in the same transaction: one that changed since makes the transaction run again. */
    async replace(doc: UploadDoc, tx: Tx): Promise<void> {
      await uploads.replaceOne({ _id: doc._id }, doc, sessionOption(tx));
    },
    async remove(id: string): Promise<void> {
      await uploads.deleteOne({ _id: id });
    },

    /** The longest in one of these states since before a moment, of those that no product has and nobody holds. */
    stale: (states: readonly UploadState[], before: Date, limit: number): Promise<UploadDoc[]> =>
      uploads
        .find({ state: { $in: [...states] }, changedAt: { $lt: before }, ...FREE })
        .sort({ changedAt: 1 })
        .limit(limit)
        .lean<UploadDoc[]>(),
    /** Which of these ids there are uploads of whose files are wanted: those that ended have none. */
    async known(ids: readonly string[]): Promise<Set<string>> {
      const docs = await uploads
        .find({ _id: { $in: [...ids] }, state: { $nin: ['rejected', 'aborted'] } }, { _id: 1 })
        .lean<Pick<UploadDoc, '_id'>[]>();
      return new Set(docs.map(({ _id }) => _id));
    },
    /** The newest first; reads one more than `limit` so that the caller knows if more follow. */
    page: (state: UploadState | undefined, limit: number, before?: string): Promise<UploadDoc[]> =>
      uploads
        .find({
          ...(state === undefined ? {} : { state }),
          ...(before === undefined ? {} : { _id: { $lt: before } }),
        })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<UploadDoc[]>(),
  };
}

export type UploadRepository = ReturnType<typeof createUploadRepository>;
