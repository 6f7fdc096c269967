import { DomainError } from '@cartwright/domain-errors';
import { createLogger } from '@cartwright/platform-logger';
import { fixedClock, testMongo } from '@cartwright/testkit';
import { mongo as driver } from 'mongoose';
import { expect, it } from 'vitest';
import { createProviderEventModels } from './provider-event.model.ts';
import type { EventResult } from './payment-strategy.ts';
import { createProviderEventRepository } from './provider-event-repository.ts';
import { createWebhookService } from './webhook-service.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const id = 'evt_1';

it('an event that is old already is tried six times again, within about an hour', async () => {
  await using bench = await retriesOf({ age: 10 * DAY_MS });
  expect(bench.waits).toEqual([1, 2, 4, 8, 16, 32]);
  expect(bench.logged).toHaveLength(2);
});

it('an event about nothing known is tried again ever more seldom for three days, and told of twice', async () => {
  await using bench = await retriesOf({ age: 0 });
  const { waits, lasted, logged } = bench;
  expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(Math.max(...waits)).toBe(60);
  expect(lasted).toBeGreaterThan(3 * DAY_MS - 60 * MINUTE_MS);
  expect(lasted).toBeLessThanOrEqual(3 * DAY_MS);
  expect(logged).toMatchObject([{ eventId: id }, { alert: 'event_unmatched', eventId: id }]);
});

it('an event that fails each time is tried as seldom, and given up as one that fails', async () => {
  await using bench = await retriesOf({ age: 10 * DAY_MS, fails: () => new Error('A defect'), most: 20 });
  expect(bench.waits).toEqual([1, 2, 4, 8, 16, 32]);
  expect(bench.logged).toMatchObject([{ eventId: id }, { alert: 'event_failed', eventId: id }]);
  expect(await bench.events.byId(id)).toMatchObject({ status: 'unmatched' });
});

it.each([new driver.MongoNotConnectedError('It is away'), new DomainError('SERVICE_UNAVAILABLE')])(
  'that the database is away is no try of an event (%s)',
  async (outage) => {
    await using bench = await retriesOf({ age: 10 * DAY_MS, fails: () => outage, most: 8 });
    expect(await bench.events.byId(id)).toMatchObject({ status: 'unmatched', tries: 1 });
    expect(bench.logged).toMatchObject([{ eventId: id }]);
  },
);

/**
 * Tries an event, received so many milliseconds ago, until it is given up, or so often at most; answers the waits between in
 * minutes. It is about nothing known, and fails in one way or another from the second time on.
 */
async function retriesOf({ age, fails, most = Infinity }: { age: number; fails?: () => Error; most?: number }) {
  const database = await testMongo();
  const { mongo } = database;
  const events = createProviderEventRepository(createProviderEventModels(mongo.connection));
  await mongo.ensureIndexes();
  const clock = fixedClock();
  const logged: { level: string | number; alert?: string; eventId?: string }[] = [];
  const logger = createLogger({
    level: 'warn',
    name: 'test',
    destination: { write: (line) => logged.push(JSON.parse(line)) },
  });
  let handled = 0;
  const handleEvent = async (): Promise<EventResult> => {
    handled += 1;
    if (fails && handled > 1) throw fails();
    return 'unmatched';
  };
  const webhooks = createWebhookService({
    gateway: { verifyWebhook: () => ({ ok: false, refusal: 'signature' }) },
    strategies: { ofProvider: () => ({ handleEvent }) as never },
    outbox: { append: async () => undefined },
    ...{ events, mongo, logger, clock },
  });
  const begunAt = clock();
  const receivedAt = new Date(begunAt.getTime() - age);
  const times = { occurredAt: receivedAt, receivedAt, purgeAt: new Date('2999-01-01') };
  await mongo.transaction((tx) =>
    events.insert(
      { _id: id, provider: 'stripe', type: 'refund.created', body: '{}', status: 'received', ...times },
      tx,
    ),
  );
  const waits: number[] = [];
  expect(await mongo.transaction((tx) => webhooks.apply(id, tx))).toBe('unmatched');
  while (handled < most) {
    const { retryAt } = (await events.byId(id)) ?? {};
    if (!retryAt) break;
    const wait = retryAt.getTime() - clock().getTime();
    waits.push(wait / MINUTE_MS);
    if (wait > 0) {
      clock.advance(wait - 1);
      expect(await events.unmatched(clock(), 5)).toEqual([]);
      clock.advance(1);
    }
    expect(await events.unmatched(clock(), 5)).toEqual([id]);
    const retried = webhooks.retry(id);
    await (fails ? expect(retried).rejects.toThrow(fails().message) : expect(retried).resolves.toBe('unmatched'));
  }
  const lasted = clock().getTime() - begunAt.getTime();
  clock.advance(DAY_MS);
  if (most === Infinity) expect(await events.unmatched(clock(), 5)).toEqual([]);
  return { waits, lasted, logged, events, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}
