import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { OrderRow, OutboxRow } from './database.ts';

/** What is still under way; empty when the shop has come to rest. */
async function restlessness({ shop, database, withRedis }: Cluster, strange: ReadonlySet<string>): Promise<string[]> {
  const now = new Date();
  const [open, overdue, refunds, invoices, mails, deliveries, jobs] = await Promise.all([
    database.all<OutboxRow>('outbox', { dueAt: { $exists: true }, _id: { $nin: [...strange] } }),
    // Clocks are still running, or have run out and nobody has acted.
    database.all<OrderRow>('orders', {
      status: 'pending',
      paymentMethod: 'stripe_checkout',
      $or: [{ expiresAt: { $exists: true } }, { holdExpiresAt: { $exists: true } }],
    }),
    database.all('payment_refunds', { status: { $nin: ['succeeded', 'failed', 'canceled'] } }),
    database.all('invoice_requests'),
    database.all('mails', { dueAt: { $exists: true } }),
    shop.stripe.control.listDeliveries(),
    withRedis((redis) => openJobs(redis, shop.env['REDIS_PREFIX'] ?? '')),
  ]);
  const undelivered = deliveries.filter(({ status }) => status === 'pending');
  if (undelivered.length > 0) await shop.stripe.control.retryNow();
  const late = overdue.filter(({ expiresAt }) => expiresAt && expiresAt < now).length;
  return [
    ...(open.length > 0 ? [`${open.length} events not handled (${summary(open.map(({ type }) => type))})`] : []),
    ...(overdue.length > 0 ? [`${overdue.length} unpaid orders with running clocks, ${late} of them overdue`] : []),
    ...(refunds.length > 0 ? [`${refunds.length} refunds unfinished`] : []),
    ...(invoices.length > 0 ? [`${invoices.length} orders not billed`] : []),
    ...(mails.length > 0 ? [`${mails.length} mails not sent`] : []),
    ...(undelivered.length > 0 ? [`${undelivered.length} webhooks not delivered`] : []),
    ...(jobs.length > 0 ? [`jobs waiting or running: ${jobs.join(', ')}`] : []),
  ];
}

type RedisClient = Parameters<Parameters<Cluster['withRedis']>[0]>[0];

/**
 * Queues with jobs that wait or run. Delayed ones are not counted: schedules and retries. Nor are files of documents, which are
 * made at their own pace, and again for whoever wants one.
 */
async function openJobs(redis: RedisClient, prefix: string): Promise<string[]> {
  const metas = await redis.keys(`${prefix}:queue:*:meta`);
  const found = await Promise.all(
    metas.map(async (meta) => {
      const queue = meta.slice(0, -':meta'.length);
      const [waiting, active] = await Promise.all([redis.llen(`${queue}:wait`), redis.llen(`${queue}:active`)]);
      const name = queue.slice(queue.lastIndexOf(':') + 1);
      return waiting + active > 0 && name !== 'documents' ? [`${name} ${waiting}+${active}`] : [];
    }),
  );
  return found.flat();
}

function summary(names: readonly string[]): string {
  return [...Map.groupBy(names, (name) => name)].map(([name, all]) => `${all.length} ${name}`).join(', ');
}

/**
 * Waits until nothing is under way any more, `withinMs` at most.
 * `strange` events stay for good and are not waited for.
 * @returns how long it took, and what was still under way when the time was over
 */
export async function settle(
  cluster: Cluster,
  withinMs: number,
  strange: ReadonlySet<string> = new Set(),
): Promise<{ tookMs: number; left: string[] }> {
  const startedAt = performance.now();
  let left: string[] = ['nothing looked at'];
  let calm = 0;
  while (performance.now() - startedAt < withinMs) {
    left = await restlessness(cluster, strange).catch((error: unknown) => [`could not look: ${String(error)}`]);
    calm = left.length === 0 ? calm + 1 : 0;
    // Once is not enough: a job may be between two queues at the moment.
    if (calm >= 3) break;
    await pause(200);
  }
  return { tookMs: performance.now() - startedAt, left };
}
