import { isCartwrightError, newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, TEST_ADDRESS, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let shop: TestShop;
let admin: Cartwright;
let buyer: Cartwright;
beforeAll(async () => {
  shop = await createTestShop({
    products: [{ slug: 'lamp', price: 2_000, stock: 50 }],
    env: { SHOP_LEGAL_NAME: 'Lamps Ltd', SHOP_ADDRESS: '2 High St|Springfield', SHOP_TAX_ID: 'X1' },
  });
  [admin, buyer] = await Promise.all([shop.admin(), shop.customer()]);
}, 180_000);
afterAll(() => shop[Symbol.asyncDispose]());

const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => (isCartwrightError(error) ? error.reason : error),
  );

/** Asks as clients do, until all documents are there. */
const documentsOf = ({ api }: Cartwright, orderId: string, expected: object = {}) =>
  vi.waitFor(
    async () => {
      const invoice = await api.orders.invoice.query({ orderId });
      expect(invoice).toMatchObject({ status: 'ready', ...expected });
      return invoice;
    },
    { timeout: 20_000, interval: 200 },
  );

async function titleOf(url: string | undefined): Promise<string | undefined> {
  const answer = await fetch(url ?? '');
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  const pdf = Buffer.from(await answer.arrayBuffer()).toString('latin1');
  expect(pdf).toMatch(/^%PDF-/);
  return /\(((?:Invoice|Credit note) [A-Z]+-\d+)\)/.exec(pdf)?.[1];
}

describe('an invoice', () => {
  it('follows the payment, a credit note each refund; nobody else reads them, and staff who do are on record', async () => {
    const { order, payment } = await shop.order(buyer, { slug: 'lamp', quantity: 3 });
    const { id: orderId } = order;
    expect(await buyer.api.orders.invoice.query({ orderId })).toMatchObject({ status: 'none', creditNotes: [] });
    expect(await shop.pay(payment.url ?? '')).toMatchObject({ outcome: 'paid' });
    const invoice = await documentsOf(buyer, orderId, { total: order.total, creditNotes: [] });
    expect(await titleOf(invoice.url)).toBe(`Invoice ${invoice.number}`);

    const stranger = await shop.customer();
    expect(await reasonOf(stranger.api.orders.invoice.query({ orderId }))).toBe('NOT_FOUND');
    expect(await reasonOf(stranger.api.admin.orders.invoice.query({ orderId }))).toBe('FORBIDDEN');
    expect(await reasonOf(shop.client().api.orders.invoice.query({ orderId }))).toBe('UNAUTHENTICATED');
    expect(await reasonOf(buyer.api.orders.invoice.query({ orderId: 'nobody' }))).toBe('NOT_FOUND');

    const lines = [{ lineId: order.lines[0]?.lineId ?? '', quantity: 1 }];
    const wish = { orderId, lines, reason: 'Scratched', idempotencyKey: newIdempotencyKey() };
    await admin.api.admin.orders.refund.mutate(wish);
    const credited = await documentsOf(buyer, orderId, {
      number: invoice.number,
      creditNotes: [{ corrects: invoice.number, total: { amount: 2_160, currency: 'USD' } }],
    });
    const [note] = credited.creditNotes;
    expect(await titleOf(note?.url)).toBe(`Credit note ${note?.number}`);

    const seen = await admin.api.admin.orders.invoice.query({ orderId });
    expect(seen).toMatchObject({ number: invoice.number, creditNotes: [{ number: note?.number }] });
    const { items } = await admin.api.admin.audit.list.query({ action: 'admin.orders.invoice' });
    expect(items.map(({ target }) => target)).toContainEqual({ kind: 'order', id: orderId });
  }, 90_000);

  it('is read by a guest with the order’s token, and by no other guest', async () => {
    const guest = shop.client();
    const email = 'gast@example.test';
    const choice = {
      ...{
        shippingAddress: TEST_ADDRESS,
        shippingMethod: 'standard',
        paymentMethod: 'stripe_checkout' as const,
        email,
      },
    };
    await guest.api.cart.addItem.mutate({ variantId: shop.variants.get('lamp') ?? '', quantity: 1 });
    const { quoteHash, cartVersion } = await guest.api.checkout.quote.query(choice);
    const placed = await guest.api.orders.place.mutate({ ...choice, quoteHash, cartVersion });
    const orderId = placed.order.id;
    expect(await shop.pay(placed.payment.url ?? '')).toMatchObject({ outcome: 'paid' });
    const invoice = await documentsOf(guest, orderId);
    expect(await titleOf(invoice.url)).toBe(`Invoice ${invoice.number}`);
    const other = shop.client();
    await other.orders.keepToken(orderId, `x${(placed.orderToken ?? '').slice(1)}`);
    expect(await reasonOf(other.api.orders.invoice.query({ orderId }))).toBe('NOT_FOUND');
  }, 120_000);

  it('comes with the parcel when cash is paid on delivery, and is taken back with it', async () => {
    const cash = await shop.customer();
    const { order } = await shop.order(cash, { slug: 'lamp', paymentMethod: 'cash_on_delivery' });
    const { id: orderId } = order;
    expect(await cash.api.orders.invoice.query({ orderId })).toMatchObject({ status: 'none' });
    const { orders } = admin.api.admin;
    await orders.startProcessing.mutate({ orderId });
    const parcel = { orderId, carrier: 'DHL', trackingNumber: '1', idempotencyKey: newIdempotencyKey() };
    await orders.ship.mutate(parcel);
    const { number } = await documentsOf(cash, orderId, { creditNotes: [] });
    const lines = order.lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
    await orders.markReturned.mutate({ orderId, lines, restock: true, idempotencyKey: newIdempotencyKey() });
    await documentsOf(cash, orderId, { number, creditNotes: [{ corrects: number, total: order.total }] });
  }, 120_000);
});
