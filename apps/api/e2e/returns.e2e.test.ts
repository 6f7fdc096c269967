import { isCartwrightError, newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

let shop: TestShop;
let admin: Cartwright;

beforeAll(async () => {
  shop = await createTestShop({ products: [{ slug: 'lamp', price: 2_000, stock: 50 }] });
  admin = await shop.admin();
});
afterAll(() => shop[Symbol.asyncDispose]());

it('a buyer asks to return what arrived, the shop answers, and the buyer hears of it', async () => {
  const buyer = await shop.customer();
  const placed = await shop.order(buyer, { slug: 'lamp', quantity: 3 });
  const { id: orderId, lines } = placed.order;
  const lineId = lines[0]?.lineId ?? '';
  await shop.pay(placed.payment.url ?? '');
  await vi.waitFor(async () => {
    expect(await buyer.api.orders.byId.query({ orderId })).toMatchObject({ status: 'paid' });
  }, 20_000);
  const { orders } = admin.api.admin;
  const wish = { orderId, lines: [{ lineId, quantity: 2 }], reason: 'Too bright' };
  const early = await buyer.api.orders.requestReturn.mutate(wish).catch((error: unknown) => error);
  expect(isCartwrightError(early) && early.reason).toBe('QUANTITY_EXCEEDED');
  await orders.startProcessing.mutate({ orderId });
  await orders.ship.mutate({ orderId, carrier: 'DHL', trackingNumber: '1' });
  await orders.markDelivered.mutate({ orderId });

  const idempotencyKey = newIdempotencyKey();
  const ask = () => buyer.api.orders.requestReturn.mutate({ ...wish, idempotencyKey });
  const [asked, again] = [await ask(), await ask()];
  expect(again.returnRequests).toEqual(asked.returnRequests);
  expect(asked.returnRequests).toMatchObject([{ status: 'asked', reason: 'Too bright' }]);
  const requestId = asked.returnRequests[0]?.id ?? '';
  const silent = await orders.answerReturn.mutate({ orderId, requestId, accept: false }).catch((e: unknown) => e);
  expect(isCartwrightError(silent) && silent.reason).toBe('INVALID_INPUT');
  await orders.answerReturn.mutate({ orderId, requestId, accept: true, answer: 'Use the old box' });
  expect(await buyer.api.orders.byId.query({ orderId })).toMatchObject({
    returnRequests: [{ status: 'accepted', answer: 'Use the old box' }],
  });
  const stranger = await shop.customer();
  const refused = await stranger.api.orders.requestReturn.mutate(wish).catch((error: unknown) => error);
  expect(isCartwrightError(refused) && refused.reason).toBe('NOT_FOUND');
  await vi.waitFor(async () => {
    const { items } = await buyer.api.notifications.list.query({ limit: 50 });
    const told = items.filter(({ type }) => type.startsWith('order.return_')).map(({ type, body }) => [type, body]);
    expect(told.toSorted()).toEqual([
      ['order.return_answered', 'Use the old box'],
      ['order.return_requested', 'We answer soon. Please send nothing yet.'],
    ]);
  }, 20_000);
}, 180_000);
