import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import type { Cluster } from '../cluster.ts';
import type { OutboxRow } from '../database.ts';
import type { Random } from '../random.ts';
import { underLoad, type Scenario } from '../scenario.ts';

/** Jobs that can never be done: dead letters at once. */
const POISONED = [
  { queue: 'orders', name: 'orders.expire', data: { orderId: { $ne: null } } },
  { queue: 'orders', name: 'orders.release-hold', data: 'not even an object' },
  { queue: 'events', name: 'events.deliver', data: { eventId: 7 } },
  { queue: 'payments', name: 'payments.execute-refund', data: {} },
] as const;
/** Jobs of newer code: they wait for workers that know them. */
const NEWER = [
  { queue: 'orders', name: 'orders.teleport', data: { orderId: 'x' } },
  { queue: 'events', name: 'events.deliver', data: { $version: 99, eventId: 'x', handler: 'y' } },
  { queue: 'mail', name: 'mail.sing', data: {} },
] as const;

type StrangeJob = { readonly queue: string; readonly name: string; readonly data: unknown };

export const poison: Scenario = {
  title: 'poisoned, unknown and newer jobs and events come along: they are set aside or wait, everything else flows',
  run: (given) =>
    underLoad(given, async () => {
      const { cluster, random, form, say } = given;
      const own = random.fork('poison');
      const rounds = form === 'short' ? 3 : 8;
      const [poisoned, newer]: [StrangeJob[], StrangeJob[]] = [[], []];
      const events = new Set<string>();
      for (let round = 0; round < rounds; round += 1) {
        await pause(own.between(100, 900));
        const bad = own.pick(POISONED);
        const early = own.pick(NEWER);
        await addJobs(cluster, own.shuffle<StrangeJob>([bad, early]));
        poisoned.push(bad);
        newer.push(early);
        events.add(await strangeEvent(cluster, own, round));
      }
      say(`${poisoned.length} poisoned jobs, ${newer.length} newer ones, ${events.size} strange events`);
      return {
        expectedDeadLetters: poisoned.length,
        openEvents: events,
        after: async () => {
          const kept = await delayedNames(cluster);
          const lost = newer.filter(({ name }) => !kept.includes(name));
          return lost.map(({ name }) => `the job ${name} of newer code is gone, it should wait`);
        },
      };
    }),
};

async function addJobs({ shop, redis }: Cluster, jobs: readonly StrangeJob[]): Promise<void> {
  for (const { queue: name, ...job } of jobs) {
    const queue = new Queue(name, { connection: { url: redis().url }, prefix: `${shop.env['REDIS_PREFIX']}:queue` });
    await queue.add(job.name, job.data, { attempts: 3 });
    await queue.close();
  }
}

/** Writes an event that nobody here can handle: of an unknown type, of a newer version, or with a broken payload. */
async function strangeEvent({ database }: Cluster, random: Random, round: number): Promise<string> {
  const now = new Date();
  const kinds = [
    { type: 'order.teleported', version: 1, payload: { orderId: 'x' }, expects: ['orders.teleport'] },
    { type: 'order.paid', version: 99, payload: { renamed: true }, expects: ['orders.publish-paid'] },
    { type: 'order.paid', version: 1, payload: { orderId: { broken: true } }, expects: ['orders.publish-paid'] },
  ];
  const row = {
    _id: `${'f'.repeat(16)}${String(round).padStart(8, '0')}`,
    ...random.pick(kinds),
    ...{ aggregateId: 'x', aggregateVersion: 1, occurredAt: now, createdAt: now, dueAt: now },
    ...{ status: 'pending', handled: [], relays: 0 },
  };
  await database.db.collection<OutboxRow>('outbox').insertOne(row);
  return row._id;
}

/** The names of jobs that wait for a later moment. */
const delayedNames = ({ withRedis, shop }: Cluster): Promise<string[]> =>
  withRedis(async (redis) => {
    const keys = await redis.keys(`${shop.env['REDIS_PREFIX']}:queue:*:delayed`);
    const names = await Promise.all(
      keys.map(async (key) => {
        const ids = await redis.zrange(key, 0, '-1');
        return Promise.all(ids.map((id) => redis.hget(`${key.slice(0, -':delayed'.length)}:${id}`, 'name')));
      }),
    );
    return names.flat().flatMap((name) => name ?? []);
  });
