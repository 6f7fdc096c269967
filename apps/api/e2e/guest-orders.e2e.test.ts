import { isCartwrightError, type Cartwright } from '@cartwright/sdk';
import { createTestShop, TEST_ADDRESS, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({ apis: 2, products: [{ slug: 'lamp', price: 4_999, stock: 20 }] });
});
afterAll(() => shop[Symbol.asyncDispose]());

const choice = { shippingAddress: TEST_ADDRESS, shippingMethod: 'standard', paymentMethod: 'stripe_checkout' as const };

async function orderAs({ api }: Cartwright, email: string) {
  await api.cart.addItem.mutate({ variantId: shop.variants.get('lamp') ?? '', quantity: 1 });
  const { quoteHash, cartVersion } = await api.checkout.quote.query({ ...choice, email });
  return api.orders.place.mutate({ ...choice, email, quoteHash, cartVersion });
}

/** The address and token of the latest order link that was mailed to an address, besides those that are known. */
const mailed = (email: string, known: readonly string[] = []): Promise<string> =>
  vi.waitFor(
    async () => {
      const texts = (await shop.mailbox.messages(email)).map(({ text }) => text ?? '');
      const tokens = texts.flatMap((text) => /\/orders\/[^\s#]+#([\w-]{43})/.exec(text)?.[1] ?? []);
      const token = tokens.find((candidate) => !known.includes(candidate));
      if (token === undefined) throw new Error(`No link to ${email}`);
      return token;
    },
    { timeout: 15_000, interval: 100 },
  );

const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => (isCartwrightError(error) ? error.reason : error),
  );

describe("a guest's order", () => {
  it('is placed, followed live and paid; mails carry its token; a lookup mails another', async () => {
    const email = 'gast@example.test';
    const guest = shop.client();
    const { order, payment, orderToken = '' } = await orderAs(guest, email);
    const orderId = order.id;
    expect(orderToken).toMatch(/^[\w-]{43}$/);
    expect(await mailed(email)).toBe(orderToken);

    // On another device, at another instance.
    const elsewhere = shop.client(shop.apis[1]);
    expect(await reasonOf(elsewhere.api.orders.byId.query({ orderId }))).toBe('UNAUTHENTICATED');
    await elsewhere.orders.keepToken(orderId, orderToken);
    const seen: { type: string; status?: string }[] = [];
    elsewhere.api.orders.onStatus.subscribe({ orderId }, { onData: ({ data }) => seen.push(data) });
    await vi.waitFor(() => expect(seen).toContainEqual({ type: 'ready' }));
    expect(await shop.pay(payment.url ?? '')).toMatchObject({ outcome: 'paid' });
    await vi.waitFor(() => expect(seen.at(-1)).toMatchObject({ status: 'paid' }), { timeout: 15_000 });
    expect(await elsewhere.api.orders.byId.query({ orderId })).toMatchObject({ status: 'paid', isGuest: true });

    // The receipt leads to the order, too; nothing is stored that a guest could not read.
    await vi.waitFor(
      async () =>
        expect((await shop.mailbox.messages(email)).map(({ subject }) => subject).join()).toContain('is paid'),
      { timeout: 15_000 },
    );
    for (const { text } of await shop.mailbox.messages(email))
      expect(text).toContain(`/orders/${orderId}#${orderToken}`);

    const unknown = await elsewhere.api.orders.lookup.mutate({ number: 'CW-ZZZZZZZZ', email });
    expect(await elsewhere.api.orders.lookup.mutate({ number: order.number, email: 'else@example.test' })).toEqual(
      unknown,
    );
    expect(await elsewhere.api.orders.lookup.mutate({ number: order.number.toLowerCase(), email })).toEqual(unknown);
    const renewed = await mailed(email, [orderToken]);
    const third = shop.client();
    await third.orders.keepToken(orderId, renewed);
    expect((await third.api.orders.paymentStatus.query({ orderId })).status).toBe('paid');
    expect(await shop.mailbox.messages('else@example.test')).toEqual([]);
  });

  it('belongs to nobody else: by id, number, token of another, or subscription', async () => {
    const { order } = await orderAs(shop.client(), 'one@example.test');
    const stranger = shop.client();
    const own = await orderAs(stranger, 'two@example.test');
    await stranger.orders.keepToken(order.id, own.orderToken ?? '');
    const customer = await shop.customer();
    for (const { api } of [stranger, customer]) {
      expect(await reasonOf(api.orders.byId.query({ orderId: order.id }))).toBe('NOT_FOUND');
      expect(await reasonOf(api.orders.pay.mutate({ orderId: order.id }))).toBe('NOT_FOUND');
      expect(await reasonOf(api.orders.cancel.mutate({ orderId: order.id }))).toBe('NOT_FOUND');
      const refused = new Promise((resolve) => {
        api.orders.onStatus.subscribe({ orderId: order.id }, { onError: resolve });
      });
      expect(isCartwrightError(await refused, 'NOT_FOUND')).toBe(true);
    }
  });

  it('is canceled by its token, and claimed by a verified account alone', async () => {
    const guest = shop.client();
    const first = await orderAs(guest, 'three@example.test');
    expect(await guest.api.orders.cancel.mutate({ orderId: first.order.id, restoreCart: true })).toMatchObject({
      status: 'canceled',
    });
    expect((await guest.api.cart.get.query()).itemCount).toBe(1);
    const { order, orderToken = '' } = await orderAs(guest, 'three@example.test');
    const unverified = shop.client();
    await unverified.api.auth.register.mutate({
      email: 'x@example.test',
      password: 'correct horse battery',
      name: 'X',
    });
    expect(await reasonOf(unverified.api.orders.claim.mutate({ orderToken }))).toBe('EMAIL_NOT_VERIFIED');
    const customer = await shop.customer();
    expect(await customer.api.orders.claim.mutate({ orderToken })).toMatchObject({ id: order.id, isGuest: false });
    expect((await customer.api.orders.list.query({ limit: 5 })).items.map(({ id }) => id)).toEqual([order.id]);
    expect(await reasonOf(guest.api.orders.byId.query({ orderId: order.id }))).toBe('NOT_FOUND');
  });

  it('is found by mail a few times an hour, and no more', async () => {
    const { api } = shop.client(undefined, { headers: { 'x-forwarded-for': '10.9.8.7' } });
    const ask = () => reasonOf(api.orders.lookup.mutate({ number: 'CW-00000000', email: 'four@example.test' }));
    const reasons: unknown[] = [];
    for (let index = 0; index < 6; index += 1) reasons.push(await ask());
    expect(reasons).toEqual([undefined, undefined, undefined, undefined, undefined, 'RATE_LIMITED']);
  });
});
