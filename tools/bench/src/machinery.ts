import { randomBytes } from 'node:crypto';
import { createCartwright, memoryTokenStorage } from '@cartwright/sdk';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { WebSocket } from 'ws';
import type { BenchCustomer } from './customers.ts';

const ARRIVAL_MS = 30_000;
const newId = (): string => randomBytes(12).toString('hex');

/** The shop's jobs and events past its API: what happens behind an answer is measured by itself. */
export interface Machinery {
  /** Makes a job and waits until a worker has done it. It looks for an order that isn't there: one read, nothing else. */
  job(): Promise<void>;
  /**
   * Somebody who follows the orders of this customer over a socket. Answers a function that writes an event of an order
   * of theirs and resolves when it has arrived. The same for the same customer.
   */
  follow(customer: BenchCustomer): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Opens the way to the stores of the shop with these variables. */
export async function openMachinery(env: Readonly<Record<string, string>>, apiUrl: string): Promise<Machinery> {
  const redisUrl = env['REDIS_URL'] ?? '';
  const prefix = env['REDIS_PREFIX'] ?? '';
  const mongo = await MongoClient.connect(env['MONGODB_URI'] ?? '');
  const redis = new Redis(redisUrl);
  const queueOptions = { connection: { url: redisUrl }, prefix: `${prefix}:queue` };
  const queue = new Queue('orders', queueOptions);
  const ends = new QueueEvents('orders', queueOptions);
  // Each waiting job listens to both.
  for (const emitter of [queue, ends]) emitter.setMaxListeners(0);
  await ends.waitUntilReady();
  const closing: (() => Promise<unknown>)[] = [
    () => ends.close(),
    () => queue.close(),
    async () => redis.disconnect(),
    () => mongo.close(),
  ];

  async function writeEvent(customer: BenchCustomer, orderId: string, version: number): Promise<void> {
    const now = new Date();
    await mongo
      .db()
      .collection<Record<string, unknown> & { _id: string }>('outbox')
      .insertOne({
        _id: newId(),
        ...{ type: 'order.updated', version: 1, aggregateId: orderId, aggregateVersion: version },
        ...{ occurredAt: now, createdAt: now, dueAt: now, status: 'pending', handled: [], relays: 0 },
        payload: {
          ...{ orderId, number: 'BENCH', userId: customer.id, email: customer.email },
          ...{ status: 'pending', paymentStatus: 'unpaid', fulfillmentStatus: 'unfulfilled' },
          ...{ paymentMethod: 'cash_on_delivery', total: { amount: 1_000, currency: 'USD' } },
        },
      });
    // As the shop does after a commit.
    await redis.publish(`${prefix}:outbox:nudge`, '1');
  }

  async function subscribe(customer: BenchCustomer): Promise<() => Promise<void>> {
    const { accessToken, refreshToken, sessionId } = customer;
    const client = createCartwright({
      url: apiUrl,
      storage: memoryTokenStorage({ accessToken, refreshToken, sessionId }),
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    });
    closing.unshift(() => client.close());
    const orderId = newId();
    const waiting = new Map<number, () => void>();
    await new Promise<void>((resolve, reject) => {
      const onData = ({ data }: { data: { type: string; version?: number } }): void => {
        if (data.type === 'ready') resolve();
        if (data.type === 'order.status') waiting.get(data.version ?? 0)?.();
      };
      client.api.orders.onStatus.subscribe({}, { onData, onError: reject });
    });
    let version = 0;
    return async () => {
      version += 1;
      const own = version;
      const arrival = Promise.withResolvers<void>();
      const timer = setTimeout(() => arrival.reject(new Error('An event did not arrive')), ARRIVAL_MS);
      waiting.set(own, arrival.resolve);
      try {
        await writeEvent(customer, orderId, own);
        await arrival.promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(own);
      }
    };
  }
  const followers = new Map<string, Promise<() => Promise<void>>>();

  return {
    job: async () => {
      const job = await queue.add('orders.expire', { orderId: newId() }, { removeOnComplete: true });
      await job.waitUntilFinished(ends, ARRIVAL_MS);
    },
    follow: (customer) => {
      const follower = followers.get(customer.id) ?? subscribe(customer);
      followers.set(customer.id, follower);
      return follower;
    },
    close: async () => {
      for (const step of closing) await step();
    },
  };
}
