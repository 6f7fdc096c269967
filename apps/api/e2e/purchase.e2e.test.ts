import { isCartwrightError, type RouterOutputs } from '@cartwright/sdk';
import { createTestShop, TEST_ADDRESS, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({
    products: [
      { slug: 'lamp', price: 4_999, stock: 20 },
      { slug: 'mug', price: 1_200, salePrice: 900, stock: 5, category: 'fine-things' },
      { slug: 'gone', stock: 0 },
    ],
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

type StatusEvent = { id: string; data: { type: string; status?: string } };

describe('a purchase from end to end', () => {
  it('goes from browsing to a paid order that the buyer watches live', async () => {
    const buyer = shop.client();
    const { api } = buyer;

    const page = await api.catalog.products.list.query({ category: 'things', sort: 'price_asc', limit: 10 });
    expect(page.items.map(({ slug }) => slug)).toEqual(['mug', 'gone', 'lamp']);
    const mug = await api.catalog.products.bySlug.query({ slug: 'mug' });
    expect(mug.variants[0]).toMatchObject({ price: { amount: 1_200 }, salePrice: { amount: 900 } });

    // A guest's cart is there and is merged at registration.
    const guestCart = await api.cart.addItem.mutate({ variantId: mug.variants[0]?.id ?? '', quantity: 2 });
    expect(guestCart.cartToken).toEqual(expect.any(String));
    const signedIn = await api.auth.register.mutate({
      email: 'ada@example.test',
      password: TEST_PASSWORD,
      name: 'Ada',
    });
    expect(signedIn).toMatchObject({ status: 'ok', cartMerged: true });
    const cart = await api.cart.get.query();
    expect(cart).toMatchObject({ itemCount: 2, pricing: { total: { amount: 1_800, currency: 'USD' } } });

    const quote = await api.checkout.quote.query({
      shippingAddress: TEST_ADDRESS,
      shippingMethod: 'standard',
      paymentMethod: 'stripe_checkout',
    });
    // 2 × 9.00, standard shipping 5.99, 8 % tax on each.
    expect(quote.pricing.total).toEqual({ amount: 1_800 + 599 + 144 + 48, currency: 'USD' });
    const steps = quote.pricing.steps.filter(({ kind }) => kind !== 'total');
    expect(steps.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(quote.pricing.total.amount);

    const { order, payment } = await api.orders.place.mutate({
      shippingAddress: TEST_ADDRESS,
      shippingMethod: 'standard',
      paymentMethod: 'stripe_checkout',
      quoteHash: quote.quoteHash,
      cartVersion: quote.cartVersion,
    });
    expect(order).toMatchObject({ status: 'pending', paymentStatus: 'unpaid', number: expect.stringMatching(/^CW-/) });
    expect((await api.cart.get.query()).lines).toEqual([]);

    const seen: StatusEvent[] = [];
    const subscription = api.orders.onStatus.subscribe(
      { orderId: order.id },
      { onData: (event) => seen.push(event as StatusEvent) },
    );
    await vi.waitFor(() => expect(buyer.connection.state()).toBe('open'), 10_000);

    expect(await shop.pay(payment.url ?? '')).toMatchObject({ outcome: 'paid' });
    await vi.waitFor(() => expect(seen.map(({ data }) => data.status)).toContain('paid'), 15_000);
    subscription.unsubscribe();

    const paid = await api.orders.byNumber.query({ number: order.number });
    expect(paid).toMatchObject({ status: 'paid', paymentStatus: 'paid', total: quote.pricing.total });
    await vi.waitFor(async () => {
      const fresh = await api.catalog.products.bySlug.query({ slug: 'mug' });
      expect(fresh.variants[0]?.available).toBe(3);
    }, 10_000);
  });

  it('shows the operator the order and its revenue, and refuses customers', async () => {
    const admin = await shop.admin();
    const period = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) };
    await vi.waitFor(async () => {
      const overview = await admin.api.admin.analytics.overview.query(period);
      expect(overview.byCurrency).toMatchObject([{ orders: 1, totalRevenue: { amount: 2_591, currency: 'USD' } }]);
    }, 10_000);
    const orders = await admin.api.admin.orders.list.query({ status: 'paid' });
    expect(orders.items).toHaveLength(1);

    const customer = await shop.customer();
    await expect(customer.api.admin.orders.list.query({})).rejects.toSatisfy((error) =>
      isCartwrightError(error, 'FORBIDDEN'),
    );
    await expect(shop.client().api.admin.orders.list.query({})).rejects.toSatisfy((error) =>
      isCartwrightError(error, 'UNAUTHENTICATED'),
    );
  });

  it("does not show one customer another's order", async () => {
    const owner = await shop.customer();
    const { order } = await shop.order(owner, { slug: 'lamp', paymentMethod: 'cash_on_delivery' });
    const stranger = await shop.customer();
    const calls = [
      stranger.api.orders.byId.query({ orderId: order.id }),
      stranger.api.orders.byNumber.query({ number: order.number }),
      stranger.api.orders.cancel.mutate({ orderId: order.id }),
      stranger.api.orders.pay.mutate({ orderId: order.id }),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'NOT_FOUND' } });
    }
  });

  it('says what is left when a product is sold out', async () => {
    const buyer = await shop.customer();
    await expect(
      buyer.api.cart.addItem.mutate({ variantId: shop.variants.get('gone') ?? '', quantity: 1 }),
    ).rejects.toSatisfy((error) => isCartwrightError(error));
  });

  it('gives one order for one key, however often it is sent', async () => {
    const buyer = await shop.customer();
    const idempotencyKey = 'one-intent-of-one-buyer';
    await buyer.api.cart.addItem.mutate({ variantId: shop.variants.get('lamp') ?? '', quantity: 1 });
    const quote = await buyer.api.checkout.quote.query({
      shippingAddress: TEST_ADDRESS,
      shippingMethod: 'standard',
      paymentMethod: 'cash_on_delivery',
    });
    const input = {
      shippingAddress: TEST_ADDRESS,
      shippingMethod: 'standard',
      paymentMethod: 'cash_on_delivery' as const,
      quoteHash: quote.quoteHash,
      cartVersion: quote.cartVersion,
      idempotencyKey,
    };
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => buyer.api.orders.place.mutate(input)));
    const placed = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.order.id] : []));
    expect(new Set(placed).size).toBe(1);
    expect((await buyer.api.orders.list.query({})).items).toHaveLength(1);
    const other = { ...input, note: 'something else' };
    await expect(buyer.api.orders.place.mutate(other)).rejects.toSatisfy((error) =>
      isCartwrightError(error, 'IDEMPOTENCY_KEY_REUSED'),
    );
  });
});

describe('an order that nobody pays', () => {
  it('is canceled at its expiry and gives its stock back', async () => {
    await using quick = await createTestShop({
      env: { ORDER_EXPIRY_SECONDS: '3', STOCK_HOLD_SECONDS: '3' },
      products: [{ slug: 'chair', stock: 4 }],
    });
    const buyer = await quick.customer();
    const { order, payment } = await quick.order(buyer, { quantity: 3 });
    const variantId = quick.variants.get('chair') ?? '';
    const held = await quick.inside.services.inventory.levels([variantId]);
    expect(held.get(variantId)).toMatchObject({ onHand: 4, reserved: 3 });

    let last: RouterOutputs['orders']['byId'] | undefined;
    await vi.waitFor(
      async () => {
        last = await buyer.api.orders.byId.query({ orderId: order.id });
        expect(last).toMatchObject({ status: 'canceled', cancelReason: 'expired' });
      },
      { timeout: 30_000, interval: 200 },
    );
    const freed = await quick.inside.services.inventory.levels([variantId]);
    expect(freed.get(variantId)).toMatchObject({ onHand: 4, reserved: 0 });
    // The page that was open at Stripe can't take money any more.
    expect(await quick.pay(payment.url ?? '')).toMatchObject({ outcome: 'expired' });
  });
});
