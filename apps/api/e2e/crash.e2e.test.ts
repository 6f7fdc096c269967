import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, TEST_ADDRESS, type TestShop } from '@cartwright/testapp';
import { startEmbeddedMongo } from '@cartwright/tool-embedded-mongo';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const BUYERS = 6;
const STOCK = 500;
const PATIENCE = { timeout: 45_000, interval: 100 };
/** When after the first click the victim dies, in milliseconds: spread over the whole purchase. */
const MOMENTS = [15, 60, 140, 300];

let folder: string;
let mongo: Awaited<ReturnType<typeof startEmbeddedMongo>>;
let shop: TestShop;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cartwright-crash-'));
  mongo = await startEmbeddedMongo({ dataDir: folder });
  const uri = new URL(mongo.uri);
  uri.pathname = '/crash';
  shop = await createTestShop({
    products: [{ slug: 'kettle', price: 2_000, stock: STOCK }],
    env: { MONGODB_URI: uri.toString(), LOG_LEVEL: 'fatal' },
  });
}, 180_000);
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await mongo.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Keeps trying what a person would: until it works. */
const persistently = <T>(work: () => Promise<T>): Promise<T> => vi.waitFor(work, PATIENCE);

/** One purchase, with whatever goes wrong on the way tried again; answers the order's id. */
async function buy({ api }: Cartwright, quantity: number): Promise<string> {
  const variantId = shop.variants.get('kettle') ?? '';
  const delivery = {
    shippingAddress: TEST_ADDRESS,
    shippingMethod: 'standard',
    paymentMethod: 'stripe_checkout' as const,
  };
  await persistently(() => api.cart.setQuantity.mutate({ variantId, quantity }));
  const { quoteHash, cartVersion } = await persistently(() => api.checkout.quote.query(delivery));
  const intent = { ...delivery, quoteHash, cartVersion, idempotencyKey: newIdempotencyKey() };
  const { order } = await persistently(() => api.orders.place.mutate(intent));
  const { url } = await persistently(() => api.orders.pay.mutate({ orderId: order.id }));
  const paid = await shop.pay(url);
  expect(['paid', 'complete']).toContain(paid.outcome);
  return order.id;
}

const victims: Record<string, () => Promise<void>> = {
  API: async () => {
    const [api] = shop.apis.splice(0, 1);
    await api?.kill();
    const port = Number(new URL(api?.url ?? '').port);
    shop.apis.unshift(await shop.startApi(port));
    shop.apis.pop();
  },
  worker: async () => {
    const [worker] = shop.workers.splice(0, 1);
    await worker?.kill();
    await shop.startWorker();
  },
  database: async () => {
    const port = Number(new URL(mongo.uri).port);
    await mongo.kill();
    mongo = await startEmbeddedMongo({ dataDir: folder, port });
  },
};

describe.each(Object.keys(victims))('killing the %s in the middle of purchases', (victim) => {
  it('loses no paid order and leaves the stock right', { timeout: 180_000 }, async () => {
    for (const moment of MOMENTS) {
      const buyers = await Promise.all(Array.from({ length: BUYERS }, () => shop.customer()));
      const buying = buyers.map((buyer, index) => buy(buyer, 1 + (index % 3)));
      await pause(moment);
      await victims[victim]?.();
      const orderIds = await Promise.all(buying);

      for (const [index, orderId] of orderIds.entries()) {
        const { api } = buyers[index] as Cartwright;
        await vi.waitFor(async () => {
          expect(await api.orders.byId.query({ orderId })).toMatchObject({ status: 'paid', paymentStatus: 'paid' });
        }, PATIENCE);
        expect((await api.orders.list.query({})).items.map(({ id }) => id)).toEqual([orderId]);
      }
    }
    await expectStockToFitOrders();
  });
});

/** What is reserved is what the orders hold, and the movements sum to both figures of the level. */
async function expectStockToFitOrders(): Promise<void> {
  const admin = await shop.admin();
  let held = 0;
  let cursor: string | undefined;
  do {
    const page = await admin.api.admin.orders.list.query({ limit: 100, ...(cursor ? { cursor } : {}) });
    held += page.items.reduce((sum, { status, itemCount }) => sum + (status === 'canceled' ? 0 : itemCount), 0);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const variantId = shop.variants.get('kettle') ?? '';
  const level = (await shop.inside.services.inventory.levels([variantId])).get(variantId);
  expect(level).toMatchObject({ onHand: STOCK, reserved: held });
  const movements = await shop.inside.services.inventory.sumOfMovements(variantId);
  expect(movements).toEqual({ onHand: STOCK, reserved: held });
}
