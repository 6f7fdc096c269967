import { createLogger } from '@cartwright/platform-logger';
import { fixedClock, testMongo } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import { createProviderEventModels } from './provider-event.model.ts';
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

/** Tries an event, received so many milliseconds ago, until it is given up; answers the waits between in minutes. */
async function retriesOf({ age }: { age: number }) {
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
  const webhooks = createWebhookService({
    gateway: { verifyWebhook: () => ({ ok: false, refusal: 'signature' }) },
    strategies: { ofProvider: () => ({ handleEvent: async () => 'unmatched' }) as never },
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
  for (;;) {
    expect(await mongo.transaction((tx) => webhooks.apply(id, tx))).toBe('unmatched');
    const { retryAt } = (await events.byId(id)) ?? {};
    if (!retryAt) break;
    const wait = retryAt.getTime() - clock().getTime();
    waits.push(wait / MINUTE_MS);
    clock.advance(wait - 1);
    expect(await events.unmatched(clock(), 5)).toEqual([]);
    clock.advance(1);
    expect(await events.unmatched(clock(), 5)).toEqual([id]);
  }
  const lasted = clock().getTime() - begunAt.getTime();
  clock.advance(DAY_MS);
  expect(await events.unmatched(clock(), 5)).toEqual([]);
  return { waits, lasted, logged, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}
