import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, signedIn, TEST_ADDRESS, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { postRaw, type RawAnswer } from './raw-http.ts';
import { openRawSocket } from './raw-socket.ts';

const CALLS = 200;
const STOCK = 1_000;

let shop: TestShop;
let variantId: string;
beforeAll(async () => {
  shop = await createTestShop({ apis: 3, workers: 0, products: [{ slug: 'lamp', stock: STOCK, price: 4_999 }] });
  variantId = shop.variants.get('lamp') ?? '';
});
afterAll(() => shop[Symbol.asyncDispose]());

interface Buyer {
  readonly client: Cartwright;
  readonly token: string;
  readonly headers: Record<string, string>;
}

let buyers = 0;
/** A signed-in customer with the bare token, for calls that the SDK would not make. */
async function newBuyer(): Promise<Buyer> {
  buyers += 1;
  const account = { email: `keyed-${buyers}@example.test`, password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  const client = shop.client(undefined, { headers: { 'x-forwarded-for': `10.9.0.${buyers}` } });
  const { accessToken: token } = signedIn(await client.api.auth.login.mutate(account));
  return { client, token, headers: { authorization: `Bearer ${token}` } };
}

/** A cart of one lamp, quoted: the input that orders it. */
async function readyToPlace({ client: { api } }: Buyer) {
  await api.cart.setQuantity.mutate({ variantId, quantity: 1 });
  const delivery = {
    shippingAddress: TEST_ADDRESS,
    shippingMethod: 'standard',
    paymentMethod: 'cash_on_delivery' as const,
  };
  const { quoteHash, cartVersion } = await api.checkout.quote.query(delivery);
  return { ...delivery, quoteHash, cartVersion };
}

const placeAt = (instance: number, { headers }: Buyer, input: object, more: Record<string, string> = {}) =>
  postRaw(`${shop.apis[instance % 3]?.url}/trpc/orders.place`, JSON.stringify({ json: input }), {
    ...headers,
    ...more,
  });

const ordersOf = async ({ client }: Buyer): Promise<string[]> =>
  (await client.api.orders.list.query({})).items.map(({ id }) => id);

const orderIn = ({ text }: RawAnswer): string =>
  (JSON.parse(text) as { result: { data: { json: { order: { id: string } } } } }).result.data.json.order.id;

describe(`${CALLS} calls at once with one key, over three instances`, () => {
  it('place one order; the others get the same answer or are asked to come back', async () => {
    const buyer = await newBuyer();
    const input = { ...(await readyToPlace(buyer)), idempotencyKey: newIdempotencyKey() };
    const answers = await Promise.all(Array.from({ length: CALLS }, (_, index) => placeAt(index, buyer, input)));

    const done = answers.filter(({ status }) => status === 200);
    const waiting = answers.filter(({ status }) => status !== 200);
    expect(done.length).toBeGreaterThan(0);
    for (const answer of waiting) {
      expect(answer).toMatchObject({ status: 409, error: { reason: 'IDEMPOTENCY_IN_PROGRESS' } });
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (let instance = 0; instance < 3; instance += 1) {
      expect((await placeAt(instance, buyer, input)).text).toBe(done[0]?.text);
    }
    expect(await ordersOf(buyer)).toEqual([orderIn(done[0] as RawAnswer)]);
    const level = (await shop.inside.services.inventory.levels([variantId])).get(variantId);
    expect(level?.reserved).toBe(1);
  });
});

describe('a key', () => {
  it('stands for one input: another one is refused, the same in other words is not', async () => {
    const buyer = await newBuyer();
    const input = { ...(await readyToPlace(buyer)), idempotencyKey: newIdempotencyKey() };
    const first = await placeAt(0, buyer, input);
    expect(first.status).toBe(200);
    expect(await placeAt(1, buyer, { ...input, note: 'Ring twice' })).toMatchObject({
      status: 409,
      error: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const reordered = Object.fromEntries(Object.entries(input).reverse());
    const spaced = { ...reordered, shippingAddress: { ...TEST_ADDRESS, city: ` ${TEST_ADDRESS.city} ` } };
    expect((await placeAt(2, buyer, spaced)).text).toBe(first.text);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  it("is unknown when it is somebody else's", async () => {
    const [ada, bob] = [await newBuyer(), await newBuyer()];
    const idempotencyKey = newIdempotencyKey();
    const first = await placeAt(0, ada, { ...(await readyToPlace(ada)), idempotencyKey });
    const second = await placeAt(0, bob, { ...(await readyToPlace(bob)), idempotencyKey });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(orderIn(second)).not.toBe(orderIn(first));
    expect([await ordersOf(ada), await ordersOf(bob)]).toEqual([[orderIn(first)], [orderIn(second)]]);
  });

  it('is free after a refusal', async () => {
    const buyer = await newBuyer();
    const input = { ...(await readyToPlace(buyer)), idempotencyKey: newIdempotencyKey() };
    const wrong = await placeAt(0, buyer, { ...input, quoteHash: 'f'.repeat(64) });
    expect(wrong.error?.reason).toBe('PRICE_CHANGED');
    expect((await placeAt(1, buyer, input)).status).toBe(200);
  });

  it('is the same in header and field, in a batch and over a socket', async () => {
    const buyer = await newBuyer();
    const { idempotencyKey, ...input } = { ...(await readyToPlace(buyer)), idempotencyKey: newIdempotencyKey() };
    const first = await placeAt(0, buyer, input, { 'idempotency-key': idempotencyKey });
    expect(first.status).toBe(200);

    const calls = { 0: { json: { ...input, idempotencyKey } }, 1: { json: { ...input, idempotencyKey } } };
    const url = `${shop.apis[1]?.url}/trpc/orders.place,orders.place?batch=1`;
    const { text } = await postRaw(url, JSON.stringify(calls), buyer.headers);
    expect(JSON.parse(text)).toEqual([JSON.parse(first.text), JSON.parse(first.text)]);
    const both = await postRaw(url, JSON.stringify(calls), { ...buyer.headers, 'idempotency-key': idempotencyKey });
    expect(both).toMatchObject({ status: 400, error: { reason: 'INVALID_INPUT' } });

    const socket = await openRawSocket(shop.apis[2]!, { token: buyer.token });
    socket.send(1, 'mutation', 'orders.place', { ...input, idempotencyKey });
    socket.send(2, 'mutation', 'orders.place', input);
    await vi.waitFor(() => expect(socket.replies.filter(({ id }) => id !== null)).toHaveLength(2), 10_000);
    const replyTo = (id: number) => socket.replies.find((reply) => reply.id === id);
    expect(replyTo(1)?.result?.data).toEqual(JSON.parse(first.text).result.data);
    expect(replyTo(2)?.error?.json.data.reason).toBe('IDEMPOTENCY_KEY_REQUIRED');
    socket.client.terminate();
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  it('makes an optional one count once: a line, however often the click arrives', async () => {
    const { client } = await newBuyer();
    const call = { variantId, quantity: 2, idempotencyKey: newIdempotencyKey() };
    const first = await client.api.cart.addItem.mutate(call);
    expect(await client.api.cart.addItem.mutate(call)).toEqual(first);
    expect((await client.api.cart.get.query()).itemCount).toBe(2);
    const { idempotencyKey: _key, ...keyless } = call;
    expect((await client.api.cart.addItem.mutate(keyless)).itemCount).toBe(4);
  });
});
