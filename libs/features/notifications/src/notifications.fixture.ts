import type { RequestContext } from '@cartwright/api-core';
import { orderCanceled, orderPaid } from '@cartwright/feature-orders';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createMails } from '@cartwright/platform-mail';
import { newId } from '@cartwright/platform-mongo';
import { createEventProcessor, createOutbox, type AnyPendingEvent } from '@cartwright/platform-outbox';
import { createStreams } from '@cartwright/platform-streams';
import { collectingQueues, fixedClock, testMongo, testRedis } from '@cartwright/testkit';
import { createNotifications } from './create-notifications.ts';
import type { NotificationDoc } from './notification.model.ts';

const logger = createSilentLogger();

export const usd = (amount: number) => ({ amount, currency: 'USD' });

/** What events of an order tell. */
export function orderFacts(rest: Partial<{ orderId: string; userId: string; number: string }> = {}) {
  const { orderId = newId(), userId = 'ada', number = 'CW-00000001' } = rest;
  return {
    orderId,
    userId,
    number,
    email: `${userId}@example.test`,
    status: 'pending' as const,
    paymentStatus: 'unpaid' as const,
    fulfillmentStatus: 'unfulfilled' as const,
    paymentMethod: 'stripe_checkout' as const,
    total: usd(2_591),
  };
}

export const orderLines = [
  { lineId: 'l1', variantId: 'v1', productId: 'p1', title: 'Mug', sku: 'MUG', quantity: 2, total: usd(1_800) },
];

/** Notifications on a database, streams and outbox of their own. */
export async function setUpNotifications() {
  const db = await testMongo();
  const cache = await testRedis();
  const { mongo } = db;
  // Of today: what it makes must not look expired to the database.
  const clock = fixedClock(new Date());
  const queues = collectingQueues();
  const outbox = createOutbox({ mongo, redis: cache.redis, clock });
  const mails = createMails({ mongo, queues, logger, clock });
  const streams = createStreams({ redis: cache.redis, logger });
  const shop = { name: 'Cartwright', webUrl: 'https://shop.test', locale: 'en-US' };
  const { notifications, handlers } = createNotifications({ mongo, outbox, mails, streams, shop, clock });
  await mongo.ensureIndexes();
  await outbox.ensureIndexes();
  await mails.ensureIndexes();

  const rows = mongo.connection.collection<{ _id: string; type: string }>('outbox');
  const handled = new Set<string>();

  /** Hands every open event to every handler of its type, by so many workers at once, until nothing follows any more. */
  async function settle(workers = 1): Promise<void> {
    const processors = Array.from({ length: workers }, () => createEventProcessor({ mongo, handlers, logger, clock }));
    for (;;) {
      const open = (await rows.find().toArray()).filter(({ _id }) => !handled.has(_id));
      if (open.length === 0) return;
      const deliveries = open.map(({ _id: eventId, type }) => ({
        eventId,
        handlers: handlers.filter(({ event }) => event.type === type).map(({ name }) => name),
      }));
      await Promise.all(deliveries.flatMap((delivery) => processors.map((process) => process(delivery))));
      for (const { _id } of open) handled.add(_id);
    }
  }

  async function happen(
    event: AnyPendingEvent['event'],
    payload: { orderId: string; [field: string]: unknown },
  ): Promise<void> {
    const facts = { aggregateId: payload.orderId, aggregateVersion: 2, occurredAt: clock() };
    await mongo.transaction((tx) => outbox.append(tx, [{ event, payload, ...facts }]));
  }

  return {
    mongo,
    clock,
    queues,
    notifications,
    settle,
    happen,
    paid: (facts = orderFacts()) => happen(orderPaid, { ...facts, lines: orderLines, paymentId: 'p1' }),
    canceled: (facts = orderFacts()) => happen(orderCanceled, { ...facts, reason: 'expired' }),
    docs: mongo.connection.collection<NotificationDoc>('notifications'),
    mails: mongo.connection.collection<{ _id: string; to?: string; template: string }>('mails'),
    /** So many notifications of a user, each a second newer than the one before. */
    async stock(userId: string, count: number): Promise<string[]> {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1) {
        clock.advance(1_000);
        await happen(orderCanceled, { ...orderFacts({ userId }), reason: 'admin' });
        await settle();
      }
      const { items } = await notifications.list(userId, { limit: 100 });
      for (const { id } of items) ids.unshift(id);
      return ids;
    },
    /** What a subscription of the user shows, as it comes; `stop` ends it. */
    watch(userId: string, lastEventId?: string) {
      const ctx = { logger, transport: 'ws' } as unknown as RequestContext;
      const seen: { id: string; data: { type: string } }[] = [];
      const source = notifications.follow(userId, { ctx, lastEventId })[Symbol.asyncIterator]();
      const running = (async () => {
        for (let next = await source.next(); !next.done; next = await source.next()) {
          const [id, data] = next.value;
          seen.push({ id, data });
        }
      })();
      return {
        seen,
        stop: async () => {
          await source.return?.();
          await running;
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      await streams.close();
      await cache[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}
