import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, signedIn, TEST_ADDRESS, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import superjson from 'superjson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { postRaw, sendRaw, type RawAnswer } from './raw-http.ts';
import { openRawSocket } from './raw-socket.ts';

let shop: TestShop;
let trpc: string;
let variantId: string;
/** A signed-in customer: the SDK, and the bare token for calls that the SDK would not make. */
let buyer: Cartwright;
let authorization: Record<string, string>;

beforeAll(async () => {
  shop = await createTestShop({ workers: 0, products: [{ slug: 'lamp', stock: 1_000, price: 4_999 }] });
  trpc = `${shop.apis[0]?.url ?? ''}/trpc`;
  variantId = shop.variants.get('lamp') ?? '';
  buyer = shop.client();
  const account = { email: 'buyer@example.test', password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  const { accessToken } = signedIn(await buyer.api.auth.login.mutate(account));
  authorization = { authorization: `Bearer ${accessToken}` };
});
afterAll(() => shop[Symbol.asyncDispose]());

const mutate = (path: string, json: unknown): Promise<RawAnswer> =>
  postRaw(`${trpc}/${path}`, JSON.stringify({ json }), authorization);
const ask = (path: string, envelope: unknown): Promise<RawAnswer> =>
  sendRaw(`${trpc}/${path}?input=${encodeURIComponent(JSON.stringify(envelope))}`, { headers: authorization });
const query = (path: string, json: unknown): Promise<RawAnswer> => ask(path, { json });

const REFUSED = { status: 400, error: { reason: 'INVALID_INPUT' } };

describe('operators and keys with a meaning of their own', () => {
  it.each([
    ['orders.byId', { orderId: { $ne: null } }],
    ['orders.byNumber', { number: { $gt: '' } }],
    ['orders.byId', { orderId: 'x', $where: 'sleep(1000)' }],
    ['catalog.products.bySlug', { slug: { $regex: '.*' } }],
    ['catalog.products.byIds', { ids: [{ $ne: null }] }],
    ['catalog.products.list', { category: { $ne: null } }],
    ['catalog.products.list', { 'brand.slug': 'acme' }],
    ['catalog.products.list', { $expr: { $eq: [1, 1] } }],
    ['search.products', { query: { $text: 'x' } }],
    ['reviews.list', { productId: ['x'] }],
  ])('are refused in the query %s: %j', async (path, input) => {
    expect(await query(path, input)).toMatchObject(REFUSED);
  });

  it.each([
    ['auth.login', { email: { $ne: null }, password: { $ne: null } }],
    ['auth.refresh', { refreshToken: { $exists: true } }],
    ['cart.addItem', { variantId: { $ne: null }, quantity: 1 }],
    ['cart.applyCoupon', { code: { $regex: '' } }],
    ['account.sessions.revoke', { sessionId: { $ne: '' } }],
    ['orders.cancel', { orderId: { $in: [] } }],
  ])('are refused in the mutation %s: %j', async (path, input) => {
    expect(await mutate(path, input)).toMatchObject(REFUSED);
  });

  it.each([
    '{"json":{"variantId":"x","__proto__":{"admin":true}}}',
    '{"json":{"variantId":"x","constructor":{"prototype":{"admin":true}}}}',
    '{"json":{"variantId":"x"},"meta":{"values":{"__proto__.admin":["undefined"]}}}',
    '{"json":{"variantId":"x"},"meta":{"values":{"constructor.prototype.admin":["Date"]}}}',
    '{"json":{"variantId":"x"},"meta":{"values":{"variantId":[["custom","x"]]}}}',
    '{"json":{"variantId":"x"},"meta":{"values":{"variantId":[["class","x"]]}}}',
    '{"__proto__":{"json":{}}}',
  ])('reach no prototype: %s', async (body) => {
    expect(await postRaw(`${trpc}/cart.removeItem`, body)).toMatchObject(REFUSED);
  });

  const cycle: { self?: object } = {};
  cycle.self = cycle;
  it.each([
    ['a RegExp', /(a+)+$/],
    ['a Map', new Map([['a', 1]])],
    ['an Error', new Error('x')],
    ['an invalid date', new Date(Number.NaN)],
    ['a huge bigint', 10n ** 100n],
    ['a cycle', cycle],
    ['10,000 keys', Object.fromEntries(Array.from({ length: 10_000 }, (_, key) => [`k${key}`, 1]))],
  ])('nor does %s pass for text', async (_, variantId) => {
    const body = JSON.stringify(superjson.serialize({ variantId }));
    expect(await postRaw(`${trpc}/cart.removeItem`, body)).toMatchObject(REFUSED);
  });

  it('nor a depth of 20,000', async () => {
    const body = `{"json":{"variantId":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
    expect(await postRaw(`${trpc}/cart.removeItem`, body)).toMatchObject(REFUSED);
  });
});

describe('numbers', () => {
  it.each(['-1', '0', '-0', '1.5', '1e309', '9007199254740992', '1000', '"1"', 'null', '[1]', 'true'])(
    'a quantity of %s is refused, and the cart stays as it is',
    async (quantity) => {
      const { version } = await buyer.api.cart.get.query();
      const body = `{"json":{"variantId":"${variantId}","quantity":${quantity}}}`;
      for (const path of ['cart.addItem', 'cart.setQuantity']) {
        expect(await postRaw(`${trpc}/${path}`, body, authorization)).toMatchObject(REFUSED);
      }
      expect((await buyer.api.cart.get.query()).version).toBe(version);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0, 1n])('nor does superjson bring in %s', async (quantity) => {
    const body = JSON.stringify(superjson.serialize({ variantId, quantity }));
    expect(await postRaw(`${trpc}/cart.addItem`, body, authorization)).toMatchObject(REFUSED);
  });

  it.each([1e9, 0, -1, 1.5, '20', null])('a limit of %j is refused by every list', async (limit) => {
    for (const path of ['catalog.products.list', 'orders.list']) {
      expect(await query(path, { limit })).toMatchObject(REFUSED);
    }
    expect(await query('search.products', { query: '', limit })).toMatchObject(REFUSED);
    expect(await query('reviews.list', { productId: 'x', limit })).toMatchObject(REFUSED);
  });

  it('a forged cursor is refused by every list', async () => {
    const encode = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');
    const forged = [
      'x',
      encode({}),
      encode({ id: { $ne: null } }),
      encode({ id: 5, sort: 'newest' }),
      encode({ sort: 'newest', value: { $gt: '' }, id: 'x' }),
      encode([1, 2]),
      encode(null),
    ];
    for (const cursor of forged) {
      for (const [path, input] of [
        ['catalog.products.list', {}],
        ['search.products', { query: 'lamp' }],
        ['orders.list', {}],
        ['reviews.list', { productId: 'x' }],
      ] as const) {
        const answer = await query(path, { ...input, cursor });
        expect({ path, cursor, ...answer }).toMatchObject({ status: 400, error: { reason: 'CURSOR_INVALID' } });
      }
    }
    expect(await query('catalog.products.list', { cursor: 'x'.repeat(501) })).toMatchObject(REFUSED);
  });

  it.each([
    ['a costly pattern', '(a+)+$'],
    ['a pattern for everything', '.*'],
    ['half a pattern', '['],
    ['half an escape', '\\'],
    ['10,000 characters', 'x'.repeat(10_000)],
    ['half a character', '\ud800'],
    ['a character that turns the direction', '\u202E$ne'],
  ])('a search for %s is plain text', async (_, text) => {
    const answer = await query('search.products', { query: text });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"total"');
  });
});

describe('what only the shop decides', () => {
  it('prices, totals, discounts and roles are refused from clients', async () => {
    for (const field of ['price', 'unitPrice', 'total', 'discount']) {
      expect(await mutate('cart.addItem', { variantId, quantity: 1, [field]: 1 })).toMatchObject(REFUSED);
    }
    const account = { email: 'climber@example.test', password: TEST_PASSWORD, name: 'Eve' };
    for (const more of [{ role: 'admin' }, { emailVerified: true }, { id: 'x' }]) {
      expect(await mutate('auth.register', { ...account, ...more })).toMatchObject(REFUSED);
    }
    expect(await shop.inside.services.accounts.byEmails([account.email])).toHaveProperty('size', 0);

    await buyer.api.cart.addItem.mutate({ variantId, quantity: 1 });
    const delivery = { shippingAddress: TEST_ADDRESS, shippingMethod: 'standard', paymentMethod: 'cash_on_delivery' };
    const { quoteHash, cartVersion, pricing } = await buyer.api.checkout.quote.query({
      ...delivery,
      paymentMethod: 'cash_on_delivery',
    });
    const order = { ...delivery, quoteHash, cartVersion, idempotencyKey: newIdempotencyKey() };
    for (const more of [{ total: { amount: 1, currency: 'USD' } }, { pricing }, { discount: 5 }, { userId: 'x' }]) {
      expect(await mutate('orders.place', { ...order, ...more })).toMatchObject(REFUSED);
    }
    const { idempotencyKey: _key, ...keyless } = order;
    expect(await mutate('orders.place', keyless)).toMatchObject({ error: { reason: 'IDEMPOTENCY_KEY_REQUIRED' } });
    expect(await mutate('orders.place', { ...order, quoteHash: 'f'.repeat(64) })).toMatchObject({ status: 409 });
    expect((await buyer.api.orders.list.query({})).items).toEqual([]);
  });
});

describe('what belongs to somebody else', () => {
  it('is not found: orders, carts, event streams, keys', async () => {
    const owner = await shop.customer();
    const key = newIdempotencyKey();
    const { order } = await shop.order(owner, { paymentMethod: 'cash_on_delivery', idempotencyKey: key });

    const missing = { status: 404, error: { reason: 'NOT_FOUND' } };
    expect(await query('orders.byId', { orderId: order.id })).toMatchObject(missing);
    expect(await query('orders.paymentStatus', { orderId: order.id })).toMatchObject(missing);
    expect(await query('orders.byNumber', { number: order.number })).toMatchObject(missing);
    expect(await mutate('orders.cancel', { orderId: order.id, idempotencyKey: key })).toMatchObject(missing);
    expect(await mutate('orders.pay', { orderId: order.id, idempotencyKey: key })).toMatchObject(missing);
    // What does not exist at all is answered in the same words.
    const { text } = await query('orders.byId', { orderId: 'f'.repeat(24) });
    expect(JSON.parse(text)).toMatchObject({ error: { json: { data: { details: { what: 'order' } } } } });

    const token = authorization.authorization?.slice('Bearer '.length) ?? '';
    const socket = await openRawSocket(shop.apis[0]!, { token });
    socket.send(1, 'subscription', 'orders.onStatus', { orderId: order.id });
    await vi.waitFor(() => expect(socket.replies.find(({ error }) => error)).toBeDefined(), 10_000);
    expect(socket.replies.find(({ error }) => error)?.error?.json.data.reason).toBe('NOT_FOUND');
    socket.client.terminate();

    // A key is its owner's: another one's intent under the same key is another intent.
    const mine = await shop.order(await shop.customer(), { paymentMethod: 'cash_on_delivery', idempotencyKey: key });
    expect(mine.order.id).not.toBe(order.id);
    expect((await owner.api.orders.byId.query({ orderId: order.id })).status).toBe('pending');
  });

  it('a cart token that was guessed opens nothing', async () => {
    const guest = shop.client();
    await guest.api.cart.addItem.mutate({ variantId, quantity: 1 });
    for (const guess of ['x', 'guess', 'undefined', 'null', '0'.repeat(22), 'x'.repeat(500)]) {
      const { status, text } = await sendRaw(`${trpc}/cart.get`, { headers: { 'x-cart-token': guess } });
      expect(status).toBe(200);
      expect(text).toContain('"itemCount":0');
    }
  });
});
