import type { AppRouter } from '@cartwright/app-router';
import { createTestShop, TEST_ADDRESS, type TestShop } from '@cartwright/testapp';
import { newId } from '@cartwright/platform-mongo';
import { testMongoUri } from '@cartwright/testkit';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MOST_TRIPS = 10;

type Caller = ReturnType<AppRouter['createCaller']>;

let shop: TestShop;
let caller: Caller;
/** Commands that were sent inside of a transaction. */
const sent: string[] = [];

beforeAll(async () => {
  const uri = new URL(testMongoUri());
  uri.searchParams.set('monitorCommands', 'true');
  const products = ['lamp', 'chair', 'desk'].map((slug) => ({ slug }));
  shop = await createTestShop({ apis: 0, products, env: { MONGODB_URI: uri.toString() } });
  const { id: userId } = await shop.inside.services.accounts.createCustomer({
    ...{ email: 'trips@example.test', password: 'correct horse battery', name: 'Trips' },
  });
  caller = shop.inside.router.createCaller({
    ...{ requestId: 'r', ip: '198.51.100.7', userAgent: '', transport: 'http' },
    authenticate: () =>
      Promise.resolve({ userId, sessionId: 's', role: 'customer', emailVerified: true, stepUpUntil: null }),
    audit: shop.inside.audit,
    logger: shop.inside.logger,
  });
  await shop.inside.services.coupons.create({
    ...{ code: 'TENTH', discount: { kind: 'percentage', basisPoints: 1_000 }, includeSaleItems: true, active: true },
    ...{ totalLimit: 10, perCustomerLimit: 2 },
  });
  const connection = mongoose.connections.find(({ name }) => name === uri.pathname.slice(1));
  connection?.getClient().on('commandStarted', ({ commandName, command }) => {
    if (command['autocommit'] === false) sent.push(commandName);
  });
}, 120_000);
afterAll(() => shop[Symbol.asyncDispose]());

/** The commands of the transaction that places a cart of every product. */
async function tripsOfPlacing(couponCode?: string): Promise<string[]> {
  for (const variantId of shop.variants.values()) await caller.cart.addItem({ variantId, quantity: 2 });
  if (couponCode !== undefined) await caller.cart.applyCoupon({ code: couponCode });
  const delivery = {
    ...{ shippingAddress: TEST_ADDRESS, shippingMethod: 'standard', paymentMethod: 'stripe_checkout' as const },
  };
  const { quoteHash, cartVersion } = await caller.checkout.quote(delivery);
  sent.length = 0;
  await caller.orders.place({ ...delivery, quoteHash, cartVersion, idempotencyKey: newId() });
  return sent.slice(0, sent.indexOf('commitTransaction') + 1);
}

describe('placing an order', () => {
  it('is one transaction of a few trips to the database, however many lines it has', async () => {
    expect(await tripsOfPlacing()).toEqual([
      ...['update', 'update', 'find', 'find'],
      ...['bulkWrite', 'commitTransaction'],
    ]);
  });

  it.each([['the first time'], ['again']])('takes at most ten with a coupon, %s', async () => {
    const trips = await tripsOfPlacing('TENTH');
    expect(trips.at(-1)).toBe('commitTransaction');
    expect(trips.filter((name) => name === 'bulkWrite')).toHaveLength(1);
    expect(trips.length, trips.join(', ')).toBeLessThanOrEqual(MOST_TRIPS);
  });
});
