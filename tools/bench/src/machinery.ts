import { createCartwright, memoryTokenStorage } from '@cartwright/sdk';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { WebSocket } from 'ws';
import { openBareOrders } from './bare-order.ts';
import type { BenchCustomer } from './customers.ts';
import { newId } from './ids.ts';

const ARRIVAL_MS = 30_000;
/**
 * Things that are waited for by name. Whoever waits is there before the thing is set going, so that none comes too early
 * to be seen.
 */
function createArrivals(complaint: string) {
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  return {
    arrived: (name: string): void => waiting.get(name)?.resolve(),
    failed: (name: string, why: string): void => waiting.get(name)?.reject(new Error(why)),
    /** Sets it going, and resolves when it has arrived. */
    async after(name: string, start: () => Promise<void>): Promise<void> {
      const arrival = Promise.withResolvers<void>();
      const timer = setTimeout(() => arrival.reject(new Error(complaint)), ARRIVAL_MS);
      waiting.set(name, arrival);
      try {
        await Promise.all([start(), arrival.promise]);
      } finally {
        clearTimeout(timer);
        waiting.delete(name);
      }
    },
  };
}

/** The shop's jobs and events past its API: what happens behind an answer is measured by itself. */
export interface Machinery {
  /** Makes a job and waits until a worker has done it. It looks for an order that isn't there: one read, nothing else. */
  job(): Promise<void>;
  /**
   * Somebody who follows the orders of this customer over a socket. Answers a function that writes an event of an order
   * of theirs and resolves when it has arrived. The same for the same customer.
   */
  follow(customer: BenchCustomer): Promise<() => Promise<void>>;
  /** The transaction that places an order, with nothing around it; an order must have been placed before. */
  bareOrder(worker: number): Promise<void>;
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
  const jobs = createArrivals('A job was not done');
  ends.on('completed', ({ jobId }) => jobs.arrived(jobId));
  ends.on('failed', ({ jobId, failedReason }) => jobs.failed(jobId, failedReason));
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
    const events = createArrivals('An event did not arrive');
    await new Promise<void>((resolve, reject) => {
      const onData = ({ data }: { data: { type: string; version?: number } }): void => {
        if (data.type === 'ready') resolve();
        if (data.type === 'order.status') events.arrived(String(data.version));
      };
      client.api.orders.onStatus.subscribe({}, { onData, onError: reject });
    });
    let version = 0;
    return async () => {
      version += 1;
      const own = version;
      await events.after(String(own), () => writeEvent(customer, orderId, own));
    };
  }
  let bareOrders: ReturnType<typeof openBareOrders> | undefined;
  const followers = new Map<string, Promise<() => Promise<void>>>();

  return {
    job: async () => {
      const jobId = `bench-${newId()}`;
      await jobs.after(jobId, async () => {
        await queue.add('orders.expire', { orderId: newId() }, { jobId, removeOnComplete: true });
      });
    },
    bareOrder: async (worker) => {
      bareOrders ??= openBareOrders(env['MONGODB_URI'] ?? '');
      await (await bareOrders).place(worker);
    },
    follow: (customer) => {
      const follower = followers.get(customer.id) ?? subscribe(customer);
      followers.set(customer.id, follower);
      return follower;
    },
    close: async () => {
      await (await bareOrders)?.close();
      for (const step of closing) await step();
    },
  };
}
