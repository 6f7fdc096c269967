import { newIdempotencyKey } from '@cartwright/sdk';
import { createTestShop, signedIn, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { startRedisServer, type RedisServer } from '@cartwright/testkit';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { postRaw } from './raw-http.ts';
import { openRawSocket } from './raw-socket.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const SESSIONS = '/v1/checkout/sessions';

let redis: RedisServer;
let keys: Redis;
let shop: TestShop;
beforeAll(async () => {
  redis = await startRedisServer();
  keys = new Redis(redis.url);
  shop = await createTestShop({
    apis: 3,
    products: [{ slug: 'lamp', price: 4_999, stock: 100 }],
    env: { REDIS_URL: redis.url, LOG_LEVEL: 'fatal' },
  });
});
afterAll(async () => {
  keys.disconnect();
  await shop[Symbol.asyncDispose]();
  await redis.stop();
});

let buyers = 0;
/** A buyer whose order was placed while Stripe was away: it has no payment page yet. */
async function newBuyer() {
  buyers += 1;
  const account = { email: `payer-${buyers}@example.test`, password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  const client = shop.client(undefined, { headers: { 'x-forwarded-for': `10.8.0.${buyers}` } });
  await client.api.auth.login.mutate(account);
  await shop.stripe.control.failNextCalls({ when: 'before', kind: 'http_500', count: 10, match: SESSIONS });
  const { order, payment } = await shop.order(client);
  await shop.stripe.control.clearFailures();
  expect(payment.url).toBeUndefined();
  const input = { orderId: order.id, idempotencyKey: newIdempotencyKey() };

  /** Redis forgets everything; the buyer signs in again, and so has a new token but the same intent. */
  const forget = async (): Promise<string> => {
    await keys.flushall();
    const fresh = shop.client(undefined, { headers: { 'x-forwarded-for': `10.8.0.${buyers}` } });
    return signedIn(await fresh.api.auth.login.mutate(account)).accessToken;
  };
  return { order, input, forget };
}

type Answer = { result?: { data: { json: { url: string } } }; error?: { json: { data: { reason: string } } } };
const outcomeOf = ({ result, error }: Answer): string =>
  result?.data.json.url ?? error?.json.data.reason ?? 'no answer';

async function payOverHttp(instance: number, token: string, input: object): Promise<string> {
  const url = `${shop.apis[instance]?.url}/trpc/orders.pay`;
  const { text } = await postRaw(url, JSON.stringify({ json: input }), { authorization: `Bearer ${token}` });
  return outcomeOf(JSON.parse(text) as Answer);
}

async function payInBatch(instance: number, token: string, input: object): Promise<string[]> {
  const url = `${shop.apis[instance]?.url}/trpc/orders.pay,orders.pay?batch=1`;
  const calls = JSON.stringify({ 0: { json: input }, 1: { json: input } });
  const { text } = await postRaw(url, calls, { authorization: `Bearer ${token}` });
  return (JSON.parse(text) as Answer[]).map(outcomeOf);
}

async function payOverSocket(instance: number, token: string, input: object): Promise<string> {
  const socket = await openRawSocket(shop.apis[instance]!, { token });
  socket.send(1, 'mutation', 'orders.pay', input);
  const reply = await vi.waitFor(() => {
    const found = socket.replies.find(({ id }) => id === 1);
    expect(found).toBeDefined();
    return found;
  }, PATIENCE);
  socket.client.terminate();
  return outcomeOf(reply as unknown as Answer);
}

/** The pages that Stripe has of an order, by their state. */
async function pagesOf({ id }: { id: string }): Promise<{ status: string; url: string | null }[]> {
  const authorization = `Bearer ${shop.env['STRIPE_SECRET_KEY']}`;
  const answer = await fetch(`${shop.stripe.url}${SESSIONS}?limit=100`, { headers: { authorization } });
  const { data } = (await answer.json()) as {
    data: { status: string; url: string | null; metadata: Record<string, string> }[];
  };
  return data.filter(({ metadata }) => Object.values(metadata).includes(id));
}

describe('paying an order again with the same key, after Redis has lost everything', () => {
  it('leads to the one page there is: over HTTP, in a batch, over a socket, on whatever instance', async () => {
    const { order, input, forget } = await newBuyer();
    const url = await payOverHttp(0, await forget(), input);
    expect(url).toContain('http');
    // The second call of the batch runs beside the first.
    expect(await payInBatch(1, await forget(), input)).toContain(url);
    expect(await payOverSocket(2, await forget(), input)).toBe(url);
    const token = await forget();
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => payOverHttp(index % 3, token, input)));
    // Those that come while the first is carried out are told to come back; it may be too quick for any to.
    expect(answers.filter((answer) => answer !== 'IDEMPOTENCY_IN_PROGRESS' && answer !== url)).toEqual([]);
    expect(answers).toContain(url);
    expect(await pagesOf(order)).toEqual([expect.objectContaining({ status: 'open', url })]);
  });

  it('meets the first call in its middle: both get the same page', async () => {
    const { order, input, forget } = await newBuyer();
    const token = await forget();
    // Stripe has made the page, and takes its time to say so.
    await shop.stripe.control.failNextCalls({ when: 'after', kind: 'delay', delayMs: 2_000, match: SESSIONS });
    const first = payOverHttp(0, token, input);
    await vi.waitFor(async () => expect(await pagesOf(order)).toHaveLength(1), PATIENCE);
    const second = payOverSocket(1, await forget(), input);
    const [one, other] = await Promise.all([first, second]);
    expect(one).toContain('http');
    // Stripe answers one of two equal calls at a time: the other may have to come back, and gets the same page.
    expect([one, 'PAYMENT_PROVIDER_UNAVAILABLE']).toContain(other);
    expect(await payOverSocket(1, await forget(), input)).toBe(one);
    expect(await pagesOf(order)).toHaveLength(1);
  });

  it('goes on with a page whose making was never answered', async () => {
    const { order, input, forget } = await newBuyer();
    await shop.stripe.control.failNextCalls({ when: 'after', kind: 'disconnect', count: 10, match: SESSIONS });
    expect(await payOverHttp(0, await forget(), input)).toBe('PAYMENT_PROVIDER_UNAVAILABLE');
    await shop.stripe.control.clearFailures();
    const url = await payOverHttp(1, await forget(), input);
    expect(await pagesOf(order)).toEqual([expect.objectContaining({ status: 'open', url })]);
  });

  it('opens nothing once the order is paid', async () => {
    const { order, input, forget } = await newBuyer();
    const url = await payOverHttp(0, await forget(), input);
    expect(await shop.pay(url)).toMatchObject({ outcome: 'paid' });
    const token = await forget();
    // Whether or not the shop has heard of the payment by now.
    expect(['ORDER_NOT_PAYABLE', url]).toContain(await payOverHttp(1, token, input));
    expect(await shop.pay(url)).toMatchObject({ outcome: 'complete' });
    await vi.waitFor(async () => {
      const { status } = await shop.inside.services.orders.load(order.id);
      expect(status).toBe('paid');
    }, PATIENCE);
    const later = await forget();
    // The second call of the batch runs beside the first.
    const again = new Set([...(await payInBatch(2, later, input)), 'IDEMPOTENCY_IN_PROGRESS']);
    expect(again).toEqual(new Set(['ORDER_NOT_PAYABLE', 'IDEMPOTENCY_IN_PROGRESS']));
    expect(await payOverSocket(0, later, input)).toBe('ORDER_NOT_PAYABLE');
    expect((await pagesOf(order)).map(({ status }) => status)).toEqual(['complete']);
  });
});
