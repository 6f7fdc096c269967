import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@cartwright/platform-logger';
import { afterCommit, newId, type Tx } from '@cartwright/platform-mongo';
import type { AnyPendingEvent, EventHandler, Outbox } from '@cartwright/platform-outbox';
import type { JobContext } from '@cartwright/platform-queue';
import { createStripeGateway } from '@cartwright/platform-stripe';
import { payCheckoutSession, startStripeStandIn, testMongo, type RunningStripeStandIn } from '@cartwright/testkit';
import type { Order } from '@cartwright/feature-orders';
import { createPaymentsFeature } from '../payments-feature.ts';
import { createOrderBook } from './order-book.fixture.ts';

const SECRET_KEY = 'sk_test_lab';
const WEBHOOK_SECRET = 'whsec_lab';
const RETURN_URLS = { successUrl: 'http://shop.test/thanks', cancelUrl: 'http://shop.test/cart' };

const jobContext: JobContext = {
  jobId: '1',
  attempt: 1,
  signal: new AbortController().signal,
  fence: { once: () => Promise.reject(new Error('no fences here')), check: async () => undefined },
};

/** Starts the stand-in that a file's labs share. */
export const startLabStripe = (): Promise<RunningStripeStandIn> =>
  startStripeStandIn({ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET });

/**
 * The payments feature on a database of its own and on a real stand-in whose webhooks arrive; orders are kept in memory.
 * What the relay and the queue do is done by `drain`.
 */
export async function createPaymentLab(standIn: RunningStripeStandIn) {
  const database = await testMongo();
  const { mongo } = database;
  const book = createOrderBook();
  const gateway = createStripeGateway({
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    apiBase: standIn.url,
    networkRetries: 0,
  });
  const errors: { alert?: string; orderId?: string }[] = [];
  const logger = createLogger({
    ...{ level: 'error', name: 'lab' },
    destination: { write: (line) => errors.push(JSON.parse(line)) },
  });
  let waiting: AnyPendingEvent[] = [];
  const outbox: Pick<Outbox, 'append'> = {
    // As the relay does, which sees what was committed: before, a handler would not find what the event is about.
    append: async (tx: Tx, events: readonly AnyPendingEvent[]) => {
      for (const event of events) afterCommit(tx, `lab/${newId()}`, () => waiting.push(event));
    },
  };
  let aheadMs = 0;
  const feature = createPaymentsFeature({
    ...{ mongo, outbox, gateway, orders: book.port, logger },
    clock: () => new Date(Date.now() + aheadMs),
    reconcileStaleMs: 0,
  });
  await mongo.ensureIndexes();

  const refunds: string[] = [];
  const enqueue = async (job: { name: string }, payload: unknown): Promise<void> => {
    if (job.name === 'payments.execute-refund') refunds.push((payload as { refundId: string }).refundId);
  };
  const handlers: readonly EventHandler[] = feature.handlers({ enqueue });
  const processors = feature.processors({
    enqueueMany: async (job, payloads) => {
      for (const payload of payloads) await enqueue(job, payload);
    },
  });

  async function runHandlers(): Promise<void> {
    while (waiting.length > 0) {
      const events = waiting;
      waiting = [];
      for (const pending of events) {
        for (const handler of handlers.filter(({ event }) => event.type === pending.event.type)) {
          if (handler.concerns?.(pending.payload) === false) continue;
          await mongo.transaction((tx) =>
            handler.handle({ id: 'test', type: pending.event.type, version: 1, ...pending }, { tx }),
          );
        }
      }
    }
  }

  let deliveries = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const signature = String(request.headers['stripe-signature'] ?? '');
      feature.webhooks.receiveWebhook(Buffer.concat(chunks), signature).then(
        (outcome) => {
          deliveries += 1;
          response.writeHead(outcome === 'accepted' ? 200 : 400).end();
        },
        () => response.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await standIn.control.setWebhook(webhookUrl);

  return {
    ...feature,
    mongo,
    gateway,
    book,
    control: standIn.control,
    deliveries: () => deliveries,
    /** Moves the shop's clock forward; Stripe's stays behind. */
    advanceClock: (ms: number) => {
      aheadMs += ms;
    },
    /** What people were told of an order, in the order of time. */
    alertsOf: (orderId: string) =>
      errors.flatMap(({ alert, orderId: about }) => (alert !== undefined && about === orderId ? [alert] : [])),
    start: (order: Order) => feature.payments.start({ order, ...RETURN_URLS }),

    /** Starts a payment and lets the buyer finish it. */
    async pay(order: Order, how: Parameters<typeof payCheckoutSession>[1] = {}) {
      const { url } = await feature.payments.start({ order, ...RETURN_URLS });
      return payCheckoutSession(url ?? '', how);
    },

    /** Runs the handler of a stored event once more, as another instance might at the same time. */
    async applyEvent(eventId: string): Promise<void> {
      const [handler] = handlers.filter(({ name }) => name === 'payments.apply-event');
      const event = {
        id: 'test',
        type: 'payment.event_received',
        version: 1,
        aggregateId: eventId,
        aggregateVersion: 1,
      };
      await mongo.transaction(async (tx) =>
        handler?.handle({ ...event, payload: { eventId }, occurredAt: new Date() }, { tx }),
      );
    },

    /** Runs the handlers of everything in the outbox, then the refunds that they asked for. */
    async drain(): Promise<void> {
      await runHandlers();
      for (const refundId of refunds.splice(0)) await processors['payments.execute-refund']({ refundId }, jobContext);
    },

    /** What a Redis that is wiped does to refunds: their events were handled, and their jobs are gone. */
    async loseRefundJobs(): Promise<void> {
      await runHandlers();
      refunds.splice(0);
    },
    /** What workers do each minute. */
    resumeRefunds: () => processors['payments.resume-refunds']({}, jobContext),

    [Symbol.asyncDispose]: async (): Promise<void> => {
      await standIn.control.setWebhook(null);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await database[Symbol.asyncDispose]();
    },
  };
}

export type PaymentLab = Awaited<ReturnType<typeof createPaymentLab>>;
