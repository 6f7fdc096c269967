import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, signedIn, TEST_ADDRESS, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { startRedisServer, type RedisServer } from '@cartwright/testkit';
import { startEmbeddedMongo } from '@cartwright/tool-embedded-mongo';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { postRaw, type RawAnswer } from './raw-http.ts';

const DATABASE = 'keyed';
const PATIENCE = { timeout: 60_000, interval: 200 };
const TEST_MS = 120_000;
/** How long the database holds a command back: the victim is dead long before. */
const BLOCK_MS = 3_000;

let mongo: Awaited<ReturnType<typeof startEmbeddedMongo>>;
let database: MongoClient;
let redis: RedisServer;
let keys: Redis;
let shop: TestShop;
let variantId: string;

beforeAll(async () => {
  [mongo, redis] = await Promise.all([startEmbeddedMongo({ memory: true }), startRedisServer()]);
  const uri = new URL(mongo.uri);
  uri.pathname = `/${DATABASE}`;
  database = await new MongoClient(uri.toString()).connect();
  keys = new Redis(redis.url);
  // It is away for a while, and that is no news.
  keys.on('error', () => undefined);
  shop = await createTestShop({
    apis: 2,
    workers: 0,
    products: [{ slug: 'lamp', stock: 1_000, price: 4_999 }],
    env: { MONGODB_URI: uri.toString(), REDIS_URL: redis.url, LOG_LEVEL: 'fatal' },
  });
  variantId = shop.variants.get('lamp') ?? '';
}, 180_000);
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  keys.disconnect();
  await Promise.all([database.close(), mongo.stop(), redis.stop()]);
});

const account = { email: 'keyed@example.test', password: TEST_PASSWORD };
let buyer: Cartwright;
let authorization: string;
let input: object;

async function signIn(): Promise<void> {
  const { api } = shop.client(shop.apis[1]);
  authorization = `Bearer ${signedIn(await api.auth.login.mutate(account)).accessToken}`;
}
async function quote(paymentMethod: 'cash_on_delivery' | 'stripe_checkout'): Promise<void> {
  const delivery = { shippingAddress: TEST_ADDRESS, shippingMethod: 'standard', paymentMethod };
  const { quoteHash, cartVersion } = await buyer.api.checkout.quote.query(delivery);
  input = { ...delivery, quoteHash, cartVersion, idempotencyKey: newIdempotencyKey() };
}
const call = (instance: number, path: string, json: unknown): Promise<RawAnswer> =>
  postRaw(`${shop.apis[instance]?.url}/trpc/${path}`, JSON.stringify({ json }), { authorization });

beforeAll(async () => {
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
});
beforeEach(async () => {
  buyer = shop.client(shop.apis[1]);
  authorization = `Bearer ${signedIn(await buyer.api.auth.login.mutate(account)).accessToken}`;
  await buyer.api.cart.setQuantity.mutate({ variantId, quantity: 1 });
  await quote('cash_on_delivery');
  await database.db(DATABASE).collection('orders').deleteMany({});
});
afterEach(() => failpoint('off'));

const orders = () => database.db(DATABASE).collection<{ _id: string }>('orders').find().toArray();

const failpoint = (mode: 'off' | { times: number }, data: object = {}) =>
  database.db('admin').command({ configureFailPoint: 'failCommand', mode, data }) as Promise<{ count: number }>;

/** Has the database hold back the next such command; the answer waits until one is held. */
async function holdBack(command: string, collection?: string): Promise<() => Promise<void>> {
  const namespace = collection === undefined ? {} : { namespace: `${DATABASE}.${collection}` };
  const data = { failCommands: [command], blockConnection: true, blockTimeMS: BLOCK_MS, ...namespace };
  const { count } = await failpoint({ times: 1 }, data);
  return async () => {
    await vi.waitFor(async () => expect((await failpoint({ times: 1 }, data)).count).toBeGreaterThan(count), PATIENCE);
    await failpoint('off');
  };
}

/** Repeats the call until it is answered, as a client does. */
const persistently = (instance: number): Promise<RawAnswer> =>
  vi.waitFor(async () => {
    const answer = await call(instance, 'orders.place', input);
    if (answer.error?.reason === 'SESSION_REVOKED') await signIn();
    expect(answer.status).toBe(200);
    return answer;
  }, PATIENCE);

const orderIn = ({ text }: RawAnswer): string =>
  (JSON.parse(text) as { result: { data: { json: { order: { id: string } } } } }).result.data.json.order.id;

async function expectOneOrder(answer: RawAnswer): Promise<void> {
  expect((await orders()).map(({ _id }) => _id)).toEqual([orderIn(answer)]);
  expect((await call(1, 'orders.place', input)).text).toBe(answer.text);
}

/** The steps of placing an order, by the command that the database holds back. */
const STEPS = [
  ['before anything is done', 'find', 'idempotencyRecords', 0],
  ['in the middle of the transaction', 'update', 'carts', 0],
  ['before order, events and record are written', 'bulkWrite', undefined, 0],
  ['at the commit, which still arrives', 'commitTransaction', undefined, undefined],
  // What it does last is to open the payment.
  ['after the commit, before the answer', 'find', 'payment_attempts', 1],
] as const;

describe('kill -9 of the instance that places an order', () => {
  it.each(STEPS)(
    '%s: a repetition elsewhere finishes it, once',
    { timeout: TEST_MS },
    async (_, command, collection, made) => {
      if (collection === 'payment_attempts') await quote('stripe_checkout');
      const held = await holdBack(command, collection);
      const lost = call(0, 'orders.place', input).catch(() => undefined);
      await held();
      expect(await keys.keys('*:intent:*')).not.toEqual([]);
      await shop.apis[0]?.kill();
      await lost;
      if (made !== undefined) expect(await orders()).toHaveLength(made);

      await expectOneOrder(await persistently(1));
      await shop.restart('api', 0, 'kill');
    },
  );
});

describe('while an order is being placed, Redis', { timeout: TEST_MS }, () => {
  it('loses everything: a repetition runs beside the first, and both are the same order', async () => {
    const held = await holdBack('commitTransaction');
    const first = call(0, 'orders.place', input);
    await held();
    await keys.flushall();
    await signIn();
    const [one, other] = await Promise.all([first, persistently(1)]);
    expect(one.status).toBe(200);
    expect(orderIn(one)).toBe(orderIn(other));
    await expectOneOrder(other);
  });

  it('stands still: what was done is answered, others are told to come back, and a repetition finds it', async () => {
    const held = await holdBack('commitTransaction');
    const first = call(0, 'orders.place', input);
    await held();
    redis.pause();
    const other = await call(1, 'orders.place', { ...input, idempotencyKey: newIdempotencyKey() });
    expect(other).toMatchObject({ status: 503, error: { reason: 'SERVICE_UNAVAILABLE' } });
    expect(Number(other.headers.get('retry-after'))).toBeGreaterThan(0);
    const answer = await first;
    redis.resume();
    expect(answer.status).toBe(200);
    const again = await persistently(1);
    expect(orderIn(again)).toBe(orderIn(answer));
    await expectOneOrder(again);
  });

  it('dies and comes back empty: nobody hangs, and there is one order', async () => {
    const held = await holdBack('commitTransaction');
    const first = call(0, 'orders.place', input);
    await held();
    await redis.stop();
    const answer = await first;
    expect(answer.status).toBe(200);
    const other = await call(1, 'orders.place', { ...input, idempotencyKey: newIdempotencyKey() });
    expect(other).toMatchObject({ status: 503, error: { reason: 'SERVICE_UNAVAILABLE' } });
    redis = await startRedisServer({ port: redis.port });
    await vi.waitFor(signIn, PATIENCE);
    const again = await persistently(1);
    expect(orderIn(again)).toBe(orderIn(answer));
    await expectOneOrder(again);
  });
});
