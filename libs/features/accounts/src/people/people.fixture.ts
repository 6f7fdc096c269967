import { createSilentLogger } from '@cartwright/platform-logger';
import { createEventProcessor, createOutbox } from '@cartwright/platform-outbox';
import { createTokenIssuer, generateSigningKeys } from '@cartwright/platform-security';
import { collectingAudit, collectingQueues, fixedClock, testMongo, testRedis } from '@cartwright/testkit';
import { createAccounts } from '../accounts.ts';
import { defaultAccountLimits } from '../accounts.ports.ts';

export const DAY_MS = 24 * 3_600_000;
const client = { ip: '203.0.113.1', userAgent: 'test' };

/** Accounts on stores of their own, with passwords that cost nothing. */
export async function setUpPeople() {
  const db = await testMongo();
  const cache = await testRedis();
  const { mongo } = db;
  const clock = fixedClock(new Date());
  const logger = createSilentLogger();
  const outbox = createOutbox({ mongo, redis: cache.redis, clock });
  const issuer = { issuer: 'https://shop.test', audience: 'cartwright', ttlSeconds: 600, clock };
  const accounts = createAccounts({
    mongo,
    redis: cache.redis,
    outbox,
    tokens: await createTokenIssuer({ ...issuer, keys: await generateSigningKeys() }),
    passwords: {
      hash: async (password) => `hash of ${password}`,
      verify: async (password, hash) => hash === `hash of ${password}`,
    },
    carts: { merge: async () => false },
    audit: collectingAudit(),
    orders: { countsOf: async () => ({ total: 3, pending: 1, paid: 1, canceled: 1 }) },
    settings: { refreshIdleSeconds: 2_592_000, refreshFamilySeconds: 7_776_000, sessionSecret: 's'.repeat(32) },
    limits: { registerPerNetwork: { ...defaultAccountLimits.registerPerNetwork, points: 10_000 } },
    clock,
    logger,
  });
  await mongo.ensureIndexes();
  await outbox.ensureIndexes();

  const queues = collectingQueues();
  const handlers = accounts.handlers(queues);
  const rows = mongo.connection.collection<{ _id: string; type: string; payload: object }>('outbox');
  const users = mongo.connection.collection<{ _id: string; role: string }>('users');
  const handled = new Set<string>();

  /** Hands every open event to its handlers. */
  async function settle(): Promise<void> {
    const process = createEventProcessor({ mongo, handlers, logger, clock });
    for (const { _id: eventId, type } of await rows.find().toArray()) {
      if (handled.has(eventId)) continue;
      handled.add(eventId);
      for (const { event, name: handler } of handlers) if (event.type === type) await process({ eventId, handler });
    }
  }

  const credentials = (name: string) => ({ email: `${name}@shop.test`, password: `password of ${name}` });
  return {
    ...accounts,
    ...{ db, cache, clock, queues, users, settle, credentials },
    make: async (name: string, role: 'admin' | 'customer' = 'customer'): Promise<string> => {
      const make = role === 'admin' ? accounts.accounts.createAdmin : accounts.accounts.createCustomer;
      return (await make({ ...credentials(name), name })).id;
    },
    signIn: (name: string) => accounts.auth.login(credentials(name), client),
    refresh: (token: string) => accounts.auth.refresh(token, client),
    told: async (): Promise<string[]> => (await rows.find().sort({ _id: 1 }).toArray()).map(({ type }) => type),
    [Symbol.asyncDispose]: async () => {
      await cache[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

export type PeopleShop = Awaited<ReturnType<typeof setUpPeople>>;
