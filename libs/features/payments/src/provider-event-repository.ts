import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { ProviderEventDoc, ProviderEventModels } from './provider-event.model.ts';

/** Events about nothing known are tried again for so long, in milliseconds. */
export const RETRY_FOR_MS = 3 * 24 * 60 * 60 * 1000;

/** Reads and writes the provider's events. */
export function createProviderEventRepository({ events, cursors }: ProviderEventModels) {
  return {
    byId: (id: string, tx?: Tx): Promise<ProviderEventDoc | null> =>
      events
        .findOne({ _id: id })
        .session(sessionOf(tx) ?? null)
        .lean<ProviderEventDoc>(),

    async insert(doc: ProviderEventDoc, tx: Tx): Promise<void> {
      await events.insertMany([doc], sessionOption(tx));
    },

    async applied(id: string, at: Date, tx: Tx): Promise<void> {
      const change = { $set: { status: 'applied', appliedAt: at }, $unset: { retryAt: '', tries: '' } } as const;
      await events.updateOne({ _id: id }, change, sessionOption(tx));
    },

    /** Notes that an event was about nothing known, and when to try again; never, when that is not said. */
    async unmatchedAt(
      { id, at, tries, retryAt }: { id: string; at: Date; tries: number; retryAt: Date | undefined },
      tx: Tx,
    ): Promise<void> {
      const change = {
        $set: { status: 'unmatched', appliedAt: at, tries, ...(retryAt && { retryAt }) },
        ...(retryAt ? {} : { $unset: { retryAt: '' } }),
      } as const;
      await events.updateOne({ _id: id }, change, sessionOption(tx));
    },

    /** The last received first; reads one more than `limit` so that the caller knows if more follow. */
    page(query: {
      status: ProviderEventDoc['status'] | undefined;
      limit: number;
      mark: { at: Date; id: string } | undefined;
    }): Promise<Omit<ProviderEventDoc, 'body' | 'purgeAt'>[]> {
      const { status, limit, mark } = query;
      return events
        .find(
          {
            ...(status === undefined ? {} : { status }),
            ...(mark && {
              receivedAt: { $lte: mark.at },
              $or: [{ receivedAt: { $lt: mark.at } }, { _id: { $lt: mark.id } }],
            }),
          },
          { body: 0, purgeAt: 0 },
        )
        .sort({ receivedAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean<Omit<ProviderEventDoc, 'body' | 'purgeAt'>[]>();
    },

    /** Makes an event one to be applied again. @returns how often it has been received, this time included */
    async receiveAgain(id: string, tx: Tx): Promise<number> {
      const doc = await events
        .findOneAndUpdate(
          { _id: id },
          { $set: { status: 'received' }, $inc: { replays: 1 }, $unset: { tries: '', retryAt: '' } },
          { ...sessionOption(tx), returnDocument: 'after' },
        )
        .lean<ProviderEventDoc>();
      return 1 + (doc?.replays ?? 0);
    },

    /** Events of some types that were left alone, those that came first in front. */
    async leftAlone(types: readonly string[], limit: number): Promise<string[]> {
      const docs = await events
        .find({ status: 'ignored', type: { $in: [...types] } }, { _id: 1 })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>();
      return docs.map((doc) => doc._id);
    },

    /** Events about things unknown whose next try is due, those that have waited longest first. */
    async unmatched(now: Date, limit: number): Promise<string[]> {
      const docs = await events
        .find(dueAt(now), { _id: 1 })
        .sort({ retryAt: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>();
      return docs.map((doc) => doc._id);
    },

    /** Puts the next try of an event about nothing known off. False when it is not due, or not any more. */
    async putOff(id: string, { now, retryAt }: { now: Date; retryAt: Date }): Promise<boolean> {
      const result = await events.updateOne({ ...dueAt(now), _id: id }, { $set: { retryAt } });
      return result.matchedCount === 1;
    },

    async readUntil(provider: string): Promise<Date | null> {
      return (await cursors.findOne({ _id: provider }).lean<{ readUntil: Date }>())?.readUntil ?? null;
    },

    async setReadUntil(provider: string, readUntil: Date): Promise<void> {
      await cursors.updateOne({ _id: provider }, { $set: { readUntil } }, { upsert: true });
    },
  };
}

/** Those about nothing known that are to be tried again; of one that was given up, no try is due. */
function dueAt(now: Date) {
  // Earlier versions did not say when: of theirs, which have no tries, each is due.
  const receivedAt = { $gte: new Date(now.getTime() - RETRY_FOR_MS) };
  const ofBefore = { retryAt: null, receivedAt, tries: { $exists: false } };
  const status: ProviderEventDoc['status'] = 'unmatched';
  return { status, $or: [{ retryAt: { $lte: now } }, ofBefore] };
}

export type ProviderEventRepository = ReturnType<typeof createProviderEventRepository>;
