import { describe, expect, it } from 'vitest';
import { defineEvent } from './event.ts';
import { orderPlaced, recording, startOutbox } from './outbox.fixture.ts';
import { deliverEvent } from './processor.ts';
import { outboxRows } from './rows.ts';

type App = Awaited<ReturnType<typeof startOutbox>>;
const PATIENCE = { timeout: 20_000, interval: 20 };
const NOTHING_LEFT = { waiting: 0, active: 0, delayed: 0 };
const FAST = { pollMs: 10, relayAgainMs: 20 };
/** Relayed as often as it takes until nobody believes in it any more. */
const relayedOften = (app: App) => outboxRows(app.mongo).updateMany({}, { $set: { relays: 5, dueAt: new Date(0) } });

const refuse = (): never => {
  throw new Error('no room for it');
};

describe('an event whose handler keeps failing', () => {
  it('is found among the stuck ones with its reason, while the rest of it is done', async () => {
    await using app = await startOutbox();
    await app.startProcess({ handlers: [recording(app.mongo, 'a'), recording(app.mongo, 'bad', { before: refuse })] });
    await app.place('n1');
    await expect.poll(async () => (await app.rows())[0]?.failure, PATIENCE).toMatchObject({ handler: 'bad' });
    expect(await app.outbox.stuck.count()).toBe(0);
    await relayedOften(app);
    await expect.poll(app.outbox.stuck.count, PATIENCE).toBe(1);
    const { items, nextCursor } = await app.outbox.stuck.list({ limit: 10 });
    expect(items).toMatchObject([{ type: 'order.placed', missing: ['bad'], reason: 'bad: no room for it' }]);
    expect(nextCursor).toBeUndefined();
    expect(await app.effects()).toEqual(['a']);
  });

  it('is handled after a retry, once its cause is mended, and no stuck one any more', async () => {
    await using app = await startOutbox();
    let isMended = false;
    const before = (): void => void (isMended || refuse());
    await app.startProcess({ handlers: [recording(app.mongo, 'bad', { before })] });
    await app.place('n1');
    await expect.poll(async () => (await app.rows())[0]?.failure, PATIENCE).toBeDefined();
    await relayedOften(app);
    await expect.poll(app.outbox.stuck.count, PATIENCE).toBe(1);
    isMended = true;
    const [{ id } = { id: '' }] = (await app.outbox.stuck.list({ limit: 1 })).items;
    expect(await app.outbox.stuck.retry([id, 'another'])).toBe(1);
    await expect.poll(app.statuses, PATIENCE).toEqual(['done']);
    expect(await app.effects()).toEqual(['bad']);
    expect((await app.rows())[0]).not.toHaveProperty('failure');
    expect(await app.outbox.stuck.retry('all')).toBe(0);
  });

  it('can be given up: it is done, and its handler is not run for it any more', async () => {
    await using app = await startOutbox();
    let isMended = false;
    const before = (): void => void (isMended || refuse());
    await app.startProcess({ handlers: [recording(app.mongo, 'a'), recording(app.mongo, 'bad', { before })] });
    await app.place('n1');
    await expect.poll(async () => (await app.rows())[0]?.failure, PATIENCE).toBeDefined();
    await relayedOften(app);
    await expect.poll(app.outbox.stuck.count, PATIENCE).toBe(1);
    expect(await app.outbox.stuck.giveUp('all')).toBe(1);
    expect(await app.rows()).toMatchObject([{ status: 'done', expects: ['a'], handled: ['a'], givenUp: ['bad'] }]);
    expect(await app.outbox.stuck.count()).toBe(0);
    // A delivery that was under way comes too late.
    isMended = true;
    const [row] = await app.rows();
    await app.queues.enqueue(deliverEvent, { eventId: row?._id ?? '', handlers: ['bad'] });
    await expect.poll(async () => (await app.queues.counts())['events'], PATIENCE).toMatchObject(NOTHING_LEFT);
    expect(await app.effects()).toEqual(['a']);
    expect((await app.rows())[0]?.handled).toEqual(['a']);
  });
});

describe('events that nobody can handle', () => {
  it('are stuck for want of a handler, or of one that reads their version, and can be given up', async () => {
    await using app = await startOutbox();
    const newer = defineEvent({ ...orderPlaced, version: 2 });
    const unknown = defineEvent({ ...orderPlaced, type: 'order.teleported' });
    await app.append(newer, { number: 'n1', at: new Date() });
    await app.append(unknown, { number: 'n2', at: new Date() });
    await app.startProcess({ handlers: [recording(app.mongo, 'a')], ...FAST });
    await expect.poll(app.outbox.stuck.count, PATIENCE).toBe(2);
    const seen = (await app.outbox.stuck.list({ limit: 10 })).items.map(({ type, missing }) => ({ type, missing }));
    expect(seen).toContainEqual({ type: 'order.placed', missing: ['a'] });
    expect(seen).toContainEqual({ type: 'order.teleported', missing: [] });
    expect(await app.outbox.stuck.giveUp('all')).toBe(2);
    expect(await app.statuses()).toEqual(['done', 'done']);
    expect(await app.effects()).toEqual([]);
  });

  it('are listed in pages', async () => {
    await using app = await startOutbox();
    app.outbox.expect([]);
    for (let number = 0; number < 5; number += 1) await app.place(`n${number}`);
    const at = new Date();
    await outboxRows(app.mongo).updateMany({}, { $set: { stuckAt: at } });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await app.outbox.stuck.list({ limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(
      (await app.rows())
        .map(({ _id }) => _id)
        .toSorted()
        .toReversed(),
    );
    await expect(app.outbox.stuck.list({ limit: 2, cursor: 'forged' })).rejects.toThrow('CURSOR_INVALID');
  });
});

describe('events that only wait', () => {
  it('are not stuck, and come again soon, however often they were relayed', async () => {
    await using app = await startOutbox();
    await app.startRelay({ handlers: [recording(app.mongo, 'a')], pollMs: 10, relayAgainMs: 1_000 });
    await app.place('n1');
    await outboxRows(app.mongo).updateMany({}, { $set: { relays: 50, dueAt: new Date(0) } });
    await expect.poll(async () => (await app.rows())[0]?.relays).toBe(51);
    await expect
      .poll(async () => ((await app.rows())[0]?.dueAt?.getTime() ?? 0) - Date.now(), PATIENCE)
      .toBeGreaterThan(1_000);
    expect(((await app.rows())[0]?.dueAt?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(2_000);
    expect(await app.outbox.stuck.count()).toBe(0);
  });

  it('while their queue is paused count no relays, so that a wiped Redis has them back at full pace', async () => {
    await using app = await startOutbox();
    const handlers = [recording(app.mongo, 'a')];
    await app.queues.pause('events');
    await app.startRelay({ handlers, ...FAST });
    await app.place('n1');
    await expect.poll(() => app.batches.length, PATIENCE).toBeGreaterThan(10);
    expect((await app.rows())[0]?.relays).toBe(1);
    // The wipe takes the pause along.
    await app.redis.client.del(...(await app.redis.client.keys(`${app.cache.prefix}:queue:*`)));
    await app.startWorkers({ handlers });
    await expect.poll(app.statuses, PATIENCE).toEqual(['done']);
  });
});
