import { testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createProviderEventModels } from './provider-event.model.ts';
import { createProviderEventRepository } from './provider-event-repository.ts';

describe('events about nothing we know of', () => {
  it('take turns at being tried again, however many there are', async () => {
    await using database = await testMongo();
    const { mongo } = database;
    const events = createProviderEventRepository(createProviderEventModels(mongo.connection));
    await mongo.ensureIndexes();
    const at = (second: number) => new Date(Date.UTC(2026, 0, 15, 12, 0, second));
    const insert = (id: string, second: number) =>
      mongo.transaction(async (tx) => {
        const times = { occurredAt: at(second), receivedAt: at(second), purgeAt: new Date(Date.UTC(2099, 0)) };
        await events.insert(
          { _id: id, provider: 'stripe', type: 'refund.created', body: '{}', status: 'received', ...times },
          tx,
        );
      });
    const tried = (id: string, again: number | undefined) =>
      mongo.transaction((tx) =>
        events.unmatchedAt({ id, at: at(9), tries: 1, retryAt: again === undefined ? undefined : at(again) }, tx),
      );
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      await insert(id, index);
      await tried(id, 10 + index);
    }
    expect(await events.unmatched(at(30), 2)).toEqual(['a', 'b']);
    await tried('a', 20);
    await tried('b', 21);
    expect(await events.unmatched(at(30), 2)).toEqual(['c', 'a']);
    expect(await events.unmatched(at(12), 2)).toEqual(['c']);
    // What is not due, or not any more, stays as it is.
    expect(await events.putOff('c', { now: at(11), retryAt: at(40) })).toBe(false);
    expect(await events.unmatched(at(12), 2)).toEqual(['c']);
    expect(await events.putOff('c', { now: at(12), retryAt: at(40) })).toBe(true);
    expect(await events.unmatched(at(39), 5)).toEqual(['a', 'b']);
    await tried('c', undefined);
    expect(await events.putOff('c', { now: at(50), retryAt: at(50) })).toBe(false);
    await mongo.transaction((tx) => events.applied('b', at(30), tx));
    expect(await events.putOff('b', { now: at(50), retryAt: at(50) })).toBe(false);
    expect(await events.unmatched(at(60), 5)).toEqual(['a']);
    // Of an earlier version, which kept no time for the next try.
    await insert('old', 0);
    const collection = mongo.connection.collection<{ _id: string; status: string }>('payment_events');
    await collection.updateOne({ _id: 'old' }, { $set: { status: 'unmatched', appliedAt: at(5) } });
    expect(await events.unmatched(at(0), 5)).toEqual(['old']);
    expect(await events.putOff('old', { now: at(0), retryAt: at(1) })).toBe(true);
    expect(await events.unmatched(at(0), 5)).toEqual([]);
    await collection.updateOne({ _id: 'old' }, { $unset: { retryAt: '' } });
    // Nor is anybody told now of what was given up in silence then.
    expect(await events.unmatched(at(4 * 24 * 3_600), 5)).not.toContain('old');
  });
});
