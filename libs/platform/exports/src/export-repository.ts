import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { ExportDoc, ExportModel } from './export.model.ts';

/** Reads and writes how far exports are. */
export function createExportRepository(exports: ExportModel) {
  return {
    insert: async (doc: ExportDoc, tx: Tx): Promise<void> => void (await exports.insertMany([doc], sessionOption(tx))),
    byId: (id: string): Promise<ExportDoc | null> => exports.findById(id).lean<ExportDoc>(),
    /** The same that a user is waiting for already. */
    pendingOf: (who: Pick<ExportDoc, 'userId' | 'wishHash'>, now: Date): Promise<ExportDoc | null> =>
      exports.findOne({ ...who, state: 'pending', expiresAt: { $gt: now } }).lean<ExportDoc>(),
    /** Takes a pending one up, and counts that. Null when it is over. */
    begin: (id: string, now: Date): Promise<ExportDoc | null> =>
      exports
        .findOneAndUpdate(
          { _id: id, state: 'pending', expiresAt: { $gt: now } },
          { $inc: { attempts: 1 }, $set: { changedAt: now } },
          { returnDocument: 'after' },
        )
        .lean<ExportDoc>(),
    /** It was left in order, to be begun anew. */
    letGo: async (id: string): Promise<void> => void (await exports.updateOne({ _id: id }, { $inc: { attempts: -1 } })),
    /** How far a pending one is. False when it is over. */
    tell: async (id: string, change: Pick<ExportDoc, 'written' | 'total' | 'changedAt'>): Promise<boolean> =>
      (await exports.updateOne({ _id: id, state: 'pending' }, { $set: change })).matchedCount === 1,
    finish: async (id: string, change: Partial<ExportDoc>): Promise<boolean> =>
      (await exports.updateOne({ _id: id, state: 'pending' }, { $set: change })).modifiedCount === 1,
    /** Pending ones of which nothing was heard since. */
    quiet: (before: Date, now: Date, limit: number): Promise<ExportDoc[]> =>
      exports
        .find({ state: 'pending', changedAt: { $lt: before }, expiresAt: { $gt: now } })
        .limit(limit)
        .lean<ExportDoc[]>(),
    expired: (now: Date, limit: number): Promise<ExportDoc[]> =>
      exports
        .find({ expiresAt: { $lte: now } })
        .limit(limit)
        .lean<ExportDoc[]>(),
    remove: async (id: string): Promise<void> => void (await exports.deleteOne({ _id: id })),
  };
}

export type ExportRepository = ReturnType<typeof createExportRepository>;
