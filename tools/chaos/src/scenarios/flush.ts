import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { createBuyer } from '../buyer.ts';
import type { Cluster } from '../cluster.ts';
import type { OutboxRow } from '../database.ts';
import type { Load } from '../load.ts';
import { EFFECTS_WITHIN_MS, underLoad, type Scenario, type ScenarioRun } from '../scenario.ts';

/** How long the shop may take to ask for a refund, on a machine that has much else to do. */
const ASKED_MS = 60_000;

export const flush: Scenario = {
  title: 'Redis is wiped in the middle of work: outbox and sweepers bring every effect within a minute',
  run: (given) =>
    underLoad(given, async (load) => {
      const { cluster, random, form, say } = given;
      const own = random.fork('flushes');
      const times = form === 'short' ? 2 : own.between(2, 5);
      const wipe = async (): Promise<void> => {
        say('FLUSHALL');
        await cluster.withRedis((redis) => redis.flushall());
      };
      const loser = await loseRefund(given, wipe);
      for (let count = 1; count < times; count += 1) {
        await pause(own.between(300, 1_800));
        await wipe();
      }
      return { redisLost: true, buyers: [...load.buyers, loser.buyer], after: loser.after };
    }),
};

/** Somebody cancels what was paid, and Redis is wiped when the refund's job is there and no worker has it yet. */
async function loseRefund(
  { cluster, random }: ScenarioRun,
  wipe: () => Promise<void>,
): Promise<{ buyer: Load['buyers'][number]; after: () => Promise<string[]> }> {
  const { shop, database, redis } = cluster;
  const problems: string[] = [];
  const onProblem = (problem: string): void => void problems.push(problem);
  const buyer = await createBuyer({ cluster, random: random.fork('loser'), index: 9_999, onProblem });
  const prefix = `${shop.env['REDIS_PREFIX']}:queue`;
  const payments = new Queue('payments', { connection: { url: redis().url }, prefix });
  // The wipe takes this away, too.
  await payments.pause();
  await payments.close();
  await buyer.buy('pay-and-cancel', Date.now() + ASKED_MS);
  await buyer.close();
  const orderId = buyer.purchases[0]?.orderId ?? '';
  if (!(await isAskedFor(cluster, orderId))) problems.push('the refund was not asked for');
  await wipe();
  const wipedAt = Date.now();
  const after = async (): Promise<string[]> => {
    const refunds = await database.all<{ status: string; updatedAt: Date }>('payment_refunds', { orderId });
    const late = refunds.filter(({ updatedAt }) => updatedAt.getTime() - wipedAt > EFFECTS_WITHIN_MS);
    return [...problems, ...late.map(() => 'a refund whose job was lost took more than a minute')];
  };
  return { buyer, after };
}

/** Waits until the event of an order's refund has made its job. */
async function isAskedFor({ database }: Cluster, orderId: string): Promise<boolean> {
  const until = Date.now() + ASKED_MS;
  while (Date.now() < until) {
    const events = await database.all<OutboxRow>('outbox', {
      type: 'payment.refund_requested',
      'payload.orderId': orderId,
      status: 'done',
    });
    if (events.length > 0) return true;
    await pause(50);
  }
  return false;
}
