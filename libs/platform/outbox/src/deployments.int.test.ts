import { collectingLogger } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from './event.ts';
import { orderPlaced, recording, startOutbox } from './outbox.fixture.ts';
import { createOutbox } from './outbox.ts';
import { outboxRows } from './rows.ts';

const orderPlaced2 = defineEvent({
  type: 'order.placed',
  version: 2,
  payload: z.object({ reference: z.string() }),
  upgrade: (payload) => ({ reference: (payload as { number: string }).number }),
});
const DAY_MS = 24 * 3_600_000;

describe('events across releases', () => {
  it('stay open in an older process for handlers that only their writer knows', async () => {
    await using app = await startOutbox();
    const [old, added] = [recording(app.mongo, 'old'), recording(app.mongo, 'added')];
    await app.startProcess({ handlers: [old], pollMs: 20 });
    app.outbox.expect([old, added]);
    await app.place('n1');
    await expect.poll(app.effects).toEqual(['old']);
    await expect.poll(async () => (await app.rows())[0]?.handled).toEqual(['old']);
    expect(await app.statuses()).toEqual(['relayed']);
    // The older process goes on with what it knows.
    const newer = await app.startProcess({ handlers: [old, added], pollMs: 20 });
    await expect.poll(app.statuses, { timeout: 15_000 }).toEqual(['done']);
    expect(await app.effects()).toEqual(['added', 'old']);
    await newer.stop();
  });

  it('of a type that an older process has never heard of wait for a newer one, and hold nobody up', async () => {
    await using app = await startOutbox();
    const refunded = defineEvent({ type: 'order.refunded', version: 1, payload: z.object({}) });
    const old = recording(app.mongo, 'old');
    const added = recording(app.mongo, 'added', { event: refunded });
    await app.startProcess({ handlers: [old], pollMs: 20 });
    const newWriter = createOutbox({ mongo: app.mongo, redis: app.redis });
    newWriter.expect([old, added]);
    for (let number = 0; number < 5; number += 1) await app.append(refunded, {}, newWriter);
    await app.place('n1');
    await expect.poll(app.effects).toEqual(['old']);
    expect((await app.rows()).filter(({ status }) => status === 'done')).toHaveLength(1);
    await app.startProcess({ handlers: [old, added], pollMs: 20 });
    await expect.poll(async () => new Set(await app.statuses()), { timeout: 15_000 }).toEqual(new Set(['done']));
    expect(await app.effects()).toEqual([...Array.from({ length: 5 }, () => 'added'), 'old']);
  });

  it('reach handlers that only a newer worker knows, while they are open', async () => {
    await using app = await startOutbox();
    const old = recording(app.mongo, 'old');
    app.outbox.expect([old]);
    await app.place('n1');
    await app.startProcess({ handlers: [old, recording(app.mongo, 'added')], pollMs: 20 });
    await expect.poll(app.statuses).toEqual(['done']);
    expect(await app.effects()).toEqual(['added', 'old']);
  });

  it('are done when the code that wrote them has no handler for them', async () => {
    await using app = await startOutbox();
    app.outbox.expect([]);
    await app.place('n1');
    await app.startProcess({ handlers: [], pollMs: 20 });
    await expect.poll(app.statuses).toEqual(['done']);
  });

  it('that nobody knows stay open and are told of now and then', async () => {
    await using app = await startOutbox();
    const { logger, lines } = collectingLogger();
    await app.place('n1');
    await app.startProcess({ handlers: [], pollMs: 10, relayAgainMs: 20, logger });
    await expect.poll(async () => (await app.rows())[0]?.relays).toBeGreaterThan(4);
    expect(await app.statuses()).toEqual(['relayed']);
    const errors = lines.filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([{ facts: { type: 'order.placed', count: 1 } }]);
    expect(app.batches.flatMap(({ stuck }) => stuck).length).toBeGreaterThan(4);
    expect((await app.outbox.lag()).open).toBe(1);
  });

  it('of a newer version wait for a handler that reads it; others go on', async () => {
    await using app = await startOutbox();
    const old = recording(app.mongo, 'a');
    await app.startProcess({ handlers: [old], pollMs: 20 });
    await app.append(orderPlaced2, { reference: 'n2' });
    await app.place('n1');
    await expect.poll(app.effects).toEqual(['a']);
    expect((await app.rows()).map(({ version, status }) => ({ version, status }))).toContainEqual({
      version: 1,
      status: 'done',
    });
    expect((await app.rows()).find(({ version }) => version === 2)?.status).toBe('relayed');
    const read: unknown[] = [];
    const newer = recording(app.mongo, 'a', { event: orderPlaced2, before: (payload) => void read.push(payload) });
    await app.startProcess({ handlers: [newer], pollMs: 20 });
    await expect.poll(app.statuses, { timeout: 15_000 }).toEqual(['done', 'done']);
    expect(read).toEqual([{ reference: 'n2' }]);
  });

  it('of an older version are brought up to the one that the handler reads', async () => {
    await using app = await startOutbox();
    const read: unknown[] = [];
    const newer = recording(app.mongo, 'a', { event: orderPlaced2, before: (payload) => void read.push(payload) });
    await app.place('n1');
    await app.startProcess({ handlers: [newer] });
    await expect.poll(app.statuses).toEqual(['done']);
    expect(read).toEqual([{ reference: 'n1' }]);
  });
});

describe('a handler that was removed from the code', () => {
  const written = async (app: Awaited<ReturnType<typeof startOutbox>>, age: number) => {
    app.outbox.expect([recording(app.mongo, 'a'), recording(app.mongo, 'removed')]);
    await app.place('n1');
    await outboxRows(app.mongo).updateMany({}, { $set: { createdAt: new Date(Date.now() - age) } });
  };

  it('is waited for no more once it is said to be retired', async () => {
    await using app = await startOutbox();
    await written(app, 0);
    await app.startProcess({ handlers: [recording(app.mongo, 'a')], retired: ['removed'], pollMs: 20 });
    await expect.poll(app.statuses).toEqual(['done']);
    expect(await app.rows()).toMatchObject([{ expects: ['a'], handled: ['a'], givenUp: ['removed'] }]);
  });

  it('is given up after two weeks, and not before', async () => {
    await using app = await startOutbox();
    const { logger, lines } = collectingLogger();
    await written(app, 13 * DAY_MS);
    const release = { handlers: [recording(app.mongo, 'a')], pollMs: 10, relayAgainMs: 30, logger };
    const process = await app.startProcess(release);
    await expect.poll(async () => (await app.rows())[0]?.relays).toBeGreaterThan(3);
    expect(await app.rows()).toMatchObject([{ status: 'relayed', handled: ['a'] }]);
    await process.stop();
    await outboxRows(app.mongo).updateMany({}, { $set: { createdAt: new Date(Date.now() - 14 * DAY_MS) } });
    await app.hurry();
    await app.startProcess(release);
    await expect.poll(app.statuses).toEqual(['done']);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'handlers of an event were given up' }),
    );
  });

  it('has no say in events it has handled', async () => {
    await using app = await startOutbox();
    app.outbox.expect([recording(app.mongo, 'a')]);
    await app.append(orderPlaced, { number: 'n1', at: new Date() });
    await app.startProcess({ handlers: [recording(app.mongo, 'a')], retired: ['a'] });
    await expect.poll(app.statuses).toEqual(['done']);
    // Its own code knows better than the list.
    expect(await app.effects()).toEqual(['a']);
  });
});
