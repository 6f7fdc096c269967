import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey } from '@cartwright/sdk';
import { Queue } from 'bullmq';
import { EFFECTS_WITHIN_MS, underLoad, type Scenario, type ScenarioRun } from '../scenario.ts';
import { seen } from '../seen.ts';

/** How long anything may take while nothing is broken, on a machine that has much else to do. */
const PATIENCE_MS = 60_000;

export const flush: Scenario = {
  title: 'Redis is wiped in the middle of work: outbox and sweepers bring every effect within a minute',
  run: (given) =>
    underLoad(given, async () => {
      const { cluster, random, form, say } = given;
      const own = random.fork('flushes');
      const times = form === 'short' ? 2 : own.between(2, 5);
      const wipe = async (): Promise<void> => {
        say('FLUSHALL');
        await cluster.withRedis((redis) => redis.flushall());
      };
      const after = await loseRefund(given, wipe);
      for (let count = 1; count < times; count += 1) {
        await pause(own.between(300, 1_800));
        await wipe();
      }
      return { redisLost: true, after };
    }),
};

/**
 * Staff give a paid order up, and Redis is wiped when the refund's job is there and no worker has it yet. Answers what was
 * wrong with that, once all is at rest.
 */
async function loseRefund({ cluster }: ScenarioRun, wipe: () => Promise<void>): Promise<() => Promise<string[]>> {
  const { shop, database, redis } = cluster;
  const [buyer, admin] = await Promise.all([shop.customer(), shop.admin()]);
  const { order, payment } = await shop.order(buyer);
  const orderId = order.id;
  await shop.pay(payment.url ?? '');
  const paid = { _id: orderId, status: 'paid' };
  const isPaid = (await seen(async () => (await database.all('orders', paid))[0], PATIENCE_MS)) !== undefined;

  const prefix = `${shop.env['REDIS_PREFIX']}:queue`;
  const payments = new Queue('payments', { connection: { url: redis().url }, prefix });
  // The wipe takes this away, too.
  await payments.pause();
  await payments.close();
  await admin.api.admin.orders.cancel.mutate({ orderId, idempotencyKey: newIdempotencyKey() });
  const asked = { type: 'payment.refund_requested', 'payload.orderId': orderId, status: 'done' };
  const isAsked = (await seen(async () => (await database.all('outbox', asked))[0], PATIENCE_MS)) !== undefined;
  await wipe();
  const wipedAt = Date.now();

  return async () => {
    // The order keeps when its refund went through; of the ledger's row, later news move the date.
    const orders = await database.all<{ refunds: { status: string; at: Date }[] }>('orders', { _id: orderId });
    const inTime = orders
      .flatMap(({ refunds }) => refunds)
      .filter(({ status, at }) => status === 'succeeded' && at.getTime() - wipedAt <= EFFECTS_WITHIN_MS);
    return [
      ...(isPaid ? [] : ['an order was not paid in time']),
      ...(isAsked ? [] : ['the job of a refund was not made in time']),
      ...(inTime.length === 1 ? [] : ['a refund whose job was lost was not carried out within a minute']),
    ];
  };
}
