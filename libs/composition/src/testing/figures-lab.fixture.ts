import { generateKeyPairSync } from 'node:crypto';
import { createPaymentsFeature } from '@cartwright/feature-payments';
import { loadConfig } from '@cartwright/platform-config';
import { nameIntent } from '@cartwright/platform-idempotency';
import { createSilentLogger } from '@cartwright/platform-logger';
import { newId } from '@cartwright/platform-mongo';
import { createEventProcessor } from '@cartwright/platform-outbox';
import type { JobContext } from '@cartwright/platform-queue';
import {
  collectingAudit,
  collectingQueues,
  testMongo,
  testRedis,
  testRedisUrl,
  type FixedClock,
} from '@cartwright/testkit';
import { composeOrdering } from '../ordering.ts';
import { createPlatform } from '../platform.ts';
import { composeShopSettings } from '../shop-settings.ts';
import { composeShopping } from '../shopping.ts';
import { stripeInMemory } from './stripe-in-memory.fixture.ts';

const signingKey = { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: 'test' };
const context: JobContext = {
  ...{ jobId: '1', attempt: 1, signal: new AbortController().signal },
  fence: { once: () => Promise.reject(new Error('no fences here')), check: async () => undefined },
};
const unused = () => Promise.reject(new Error('Nobody should need this'));

/** Where the shops of one database keep what they share. */
export async function createStores() {
  const db = await testMongo();
  const cache = await testRedis();
  const store = await testRedis();
  return {
    db,
    cache,
    store,
    /** Takes everything that is known of figures out of a Redis. */
    async flush({ redis }: typeof cache) {
      const keys = await redis.client.keys(redis.key('figures', '*'));
      if (keys.length > 0) await redis.client.del(...keys);
    },
    async [Symbol.asyncDispose]() {
      for (const one of [db, cache, store]) await one[Symbol.asyncDispose]();
    },
  };
}

/** A shop in a currency, of the real features: only accounts and Stripe are made up, and events wait to be delivered. */
export async function createFiguresShop(
  { db, cache, store }: Awaited<ReturnType<typeof createStores>>,
  { currency, timezone, taxMode, clock }: { currency: string; timezone: string; taxMode: string; clock: FixedClock },
) {
  const config = loadConfig({
    ...{ NODE_ENV: 'test', MONGODB_URI: db.uri, REDIS_URL: testRedisUrl(), REDIS_PREFIX: store.prefix },
    ...{ STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1', SMTP_URL: 'smtp://127.0.0.1:1' },
    JWT_KEYS: JSON.stringify({ keys: [signingKey] }),
    ENCRYPTION_KEYS: JSON.stringify({ keys: [{ kty: 'oct', kid: 'e', k: 'k'.repeat(43) }] }),
    ...{ SESSION_SECRET: 's'.repeat(32), LOG_LEVEL: 'silent' },
    ...{ SHOP_CURRENCY: currency, SHOP_TIMEZONE: timezone, TAX_MODE: taxMode },
  });
  const real = await createPlatform(config, 'test');
  const logger = createSilentLogger();
  const stripe = stripeInMemory({ mongo: real.mongo, clock });
  const platform = { ...real, clock, logger, cache: cache.redis, stripe: stripe.gateway };
  const { mongo, outbox } = platform;
  const queues = collectingQueues();
  const mails = { write: async () => undefined };

  const shopping = composeShopping(platform, {
    ...{ mails, queues, audit: collectingAudit() },
    orders: { countsOf: unused },
    uploads: { attach: unused, detach: unused, take: unused, hold: unused, release: unused },
    taxClasses: { ids: async () => new Set(['standard', 'reduced', 'zero']), hold: async () => true },
    personalData: () => [],
  });
  const payments = createPaymentsFeature({
    ...{ mongo, outbox, gateway: stripe.gateway, logger, clock },
    orders: {
      recordPayment: (payment, tx) => ordering.orders.recordPayment(payment, tx),
      recordProcessing: (news, tx) => ordering.orders.recordProcessing(news, tx),
      recordPaymentFailure: (news, tx) => ordering.orders.recordPaymentFailure(news, tx),
      recordRefund: (refund, tx) => ordering.orders.recordRefund(refund, tx),
      isPayable: (orderId) => ordering.orders.isPayable(orderId),
    },
  });
  const accounts = {
    ...shopping.accounts,
    byId: async (id: string) => ({ id, email: `${id}@shop.test`, name: 'Ada', emailVerified: true }) as never,
    isBanned: async () => false,
  };
  const ordering = composeOrdering(
    platform,
    { ...shopping, accounts },
    {
      ...{ payments: payments.payments, ledger: payments, queues, mails },
      settings: composeShopSettings(platform, shopping.catalog),
    },
  );
  await mongo.ensureIndexes();
  await outbox.ensureIndexes();
  await platform.idempotency.records.ensureIndexes();

  const handlers = [...ordering.handlers, ...payments.handlers(queues)].filter(({ name }) =>
    /^(analytics\.record|payments\.)/.test(name),
  );
  const process = createEventProcessor({ mongo, handlers, logger });
  const intent = (procedure: string, input: object) => nameIntent({ caller: 'user:u', procedure, key: newId(), input });

  return {
    ...{ currency, platform, stripe, shopping, payments, ordering, intent },
    analytics: ordering.analytics,
    /** Another process of this shop: it remembers nothing by itself. */
    anotherProcess: () =>
      composeOrdering(
        platform,
        { ...shopping, accounts },
        {
          ...{ payments: payments.payments, ledger: payments, queues, mails },
          settings: composeShopSettings(platform, shopping.catalog),
        },
      ).analytics,
    /** Which handlers are to be told of events of a type. */
    handlersOf: (type: string) => handlers.filter(({ event }) => event.type === type).map(({ name }) => name),
    deliver: (eventId: string, handler: string) => process({ eventId, handlers: [handler] }),
    /** Carries out the refunds that were asked for. */
    async runRefunds() {
      for (const { name, payload } of queues.jobs.splice(0)) {
        if (name === 'payments.execute-refund')
          await payments.processors(queues)[name](payload as { refundId: string }, context);
      }
    },
    close: platform.close,
  };
}

export type FiguresShop = Awaited<ReturnType<typeof createFiguresShop>>;
