import { isDuplicateKeyError, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter } from 'mongoose';
import type { AuditEntryDoc, AuditIntentDoc, AuditModels } from './audit-entry.model.ts';

export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly targetId?: string | undefined;
  readonly outcome?: AuditEntryDoc['outcome'] | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

/** The last entry of the page before. */
export interface AuditMark {
  readonly at: Date;
  readonly id: string;
}

/** Writes and reads entries. There is no way to change or remove one: only its time ends it. */
export function createAuditRepository({ entries, intents }: AuditModels) {
  return {
    async append(entry: AuditEntryDoc, tx?: Tx): Promise<void> {
      await entries.insertMany([entry], sessionOption(tx));
    },

    /** Notes an action under way. */
    async begin(intent: AuditIntentDoc): Promise<void> {
      await intents.insertMany([intent]);
    },

    /** Writes the entry of an action that was under way, once, and lets go of the note. */
    async finish(entry: AuditEntryDoc): Promise<void> {
      try {
        await entries.insertMany([entry]);
      } catch (error) {
        if (!isDuplicateKeyError(error)) throw error;
      }
      await intents.deleteOne({ _id: entry._id });
    },

    /** Actions begun before this moment of which nobody has said what became of them, oldest first. */
    begunBefore: (moment: Date, limit: number): Promise<AuditIntentDoc[]> =>
      intents
        .find({ at: { $lt: moment } })
        .sort({ at: 1 })
        .limit(limit)
        .lean<AuditIntentDoc[]>(),

    /** Newest first; reads one more than `limit` so that the caller knows if more follow. */
    page(filter: AuditFilter, limit: number, mark?: AuditMark): Promise<AuditEntryDoc[]> {
      return entries
        .find({ $and: [filterOf(filter), mark ? beyond(mark) : {}] })
        .sort({ at: -1, _id: -1 })
        .limit(limit + 1)
        .lean<AuditEntryDoc[]>();
    },
  };
}

export type AuditRepository = ReturnType<typeof createAuditRepository>;

function filterOf({ actorId, action, targetId, outcome, from, to }: AuditFilter): QueryFilter<AuditEntryDoc> {
  const at = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) };
  return {
    ...(actorId === undefined ? {} : { 'actor.id': actorId }),
    ...(action === undefined ? {} : { action }),
    ...(targetId === undefined ? {} : { 'target.id': targetId }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(from || to ? { at } : {}),
  };
}

const beyond = ({ at, id }: AuditMark): QueryFilter<AuditEntryDoc> => ({
  at: { $lte: at },
  $or: [{ at: { $lt: at } }, { _id: { $lt: id } }],
});
