import { isCartwrightError, newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, TEST_ADDRESS, type TestShop } from '@cartwright/testapp';
import { startRedisServer, type RedisServer } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let redis: RedisServer;
let shop: TestShop;
beforeAll(async () => {
  redis = await startRedisServer();
  shop = await createTestShop({
    apis: 2,
    workers: 0,
    products: [{ slug: 'lamp', stock: 100, price: 5_000 }],
    env: { REDIS_URL: redis.url, NETWORK_LIMIT_FACTOR: '1', LOG_LEVEL: 'fatal' },
  });
  const admin = await shop.admin();
  await admin.api.admin.coupons.create.mutate({ code: 'GOOD10', discount: { kind: 'percentage', basisPoints: 1_000 } });
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await redis.stop();
});

const reasonOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: unknown) => (isCartwrightError(error) ? error.reason : String(error)),
  );
const countOf = (reasons: readonly string[], reason: string): number => reasons.filter((one) => one === reason).length;

async function cartFor(client: Cartwright): Promise<Cartwright> {
  await client.api.cart.addItem.mutate({ variantId: shop.variants.get('lamp') ?? '', quantity: 1 });
  return client;
}
const guestFrom = (address: string, instance = 0): Promise<Cartwright> =>
  cartFor(shop.client(shop.apis[instance], { headers: { 'x-forwarded-for': address } }));
const guess = ({ api }: Cartwright, code: string): Promise<string> => reasonOf(api.cart.applyCoupon.mutate({ code }));

describe('over two instances', () => {
  it('a user guesses ten coupon codes at most, and others go on using good ones', async () => {
    const buyer = await cartFor(await shop.customer(shop.apis[0]));
    expect(await guess(buyer, 'GOOD10')).toBe('ok');
    const reasons = await Promise.all(Array.from({ length: 40 }, (_, index) => guess(buyer, `GUESS-${index}`)));
    expect(countOf(reasons, 'COUPON_NOT_FOUND')).toBe(10);
    expect(countOf(reasons, 'RATE_LIMITED')).toBe(30);
    expect(await guess(buyer, 'GOOD10')).toBe('RATE_LIMITED');
    expect(await guess(await cartFor(await shop.customer(shop.apis[1])), 'GOOD10')).toBe('ok');
  });

  it('guests of a network share thirty guesses, whatever carts and instances they use', async () => {
    const guests = await Promise.all(Array.from({ length: 4 }, (_, index) => guestFrom('203.0.113.7', index % 2)));
    const reasons = await Promise.all(
      Array.from({ length: 60 }, (_, index) => guess(guests[index % 4] as Cartwright, `GUESS-${index}`)),
    );
    expect(countOf(reasons, 'COUPON_NOT_FOUND')).toBe(30);
    expect(countOf(reasons, 'RATE_LIMITED')).toBe(30);
    expect(await guess(await guestFrom('203.0.113.8'), 'GOOD10')).toBe('ok');
  });

  it('a user tries to place sixty orders in ten minutes at most; what was answered is answered again', async () => {
    const { api } = await cartFor(await shop.customer(shop.apis[0]));
    const delivery = {
      shippingAddress: TEST_ADDRESS,
      shippingMethod: 'standard',
      paymentMethod: 'cash_on_delivery' as const,
    };
    const { quoteHash, cartVersion } = await api.checkout.quote.query(delivery);
    const order = { ...delivery, quoteHash, cartVersion, idempotencyKey: newIdempotencyKey() };
    const first = await api.orders.place.mutate(order);
    const tries = Array.from({ length: 80 }, () =>
      reasonOf(api.orders.place.mutate({ ...order, idempotencyKey: newIdempotencyKey() })),
    );
    const reasons = await Promise.all(tries);
    expect(countOf(reasons, 'RATE_LIMITED')).toBe(21);
    expect(countOf(reasons, 'CART_CHANGED')).toBe(59);
    expect(await api.orders.place.mutate(order)).toEqual(first);
  });
});

it('without Redis each instance allows a few guesses and no more', async () => {
  const guests = [await guestFrom('203.0.113.9', 0), await guestFrom('203.0.113.9', 1)];
  await redis.stop();
  const reasons = await Promise.all(
    Array.from({ length: 20 }, (_, index) => guess(guests[index % 2] as Cartwright, `GUESS-${index}`)),
  );
  expect(countOf(reasons, 'COUPON_NOT_FOUND')).toBe(6);
  expect(countOf(reasons, 'RATE_LIMITED')).toBe(14);
  redis = await startRedisServer({ port: redis.port });
});
