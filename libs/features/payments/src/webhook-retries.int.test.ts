import { createLogger } from '@cartwright/platform-logger';
import { fixedClock, testMongo } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import { createProviderEventModels } from './provider-event.model.ts';
import { createProviderEventRepository } from './provider-event-repository.ts';
import { createWebhookService } from './webhook-service.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

it('an event about nothing known is tried again ever more seldom for three days, and told of twice', async () => {
  await using database = await testMongo();
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
  const receivedAt = clock();
  const id = 'evt_1';
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
  expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(Math.max(...waits)).toBe(60);
  const lasted = clock().getTime() - receivedAt.getTime();
  expect(lasted).toBeGreaterThan(3 * DAY_MS - 60 * MINUTE_MS);
  expect(lasted).toBeLessThanOrEqual(3 * DAY_MS);
  expect(logged).toMatchObject([{ eventId: id }, { alert: 'event_unmatched', eventId: id }]);
  clock.advance(DAY_MS);
  expect(await events.unmatched(clock(), 5)).toEqual([]);
});
