import { createTestShop, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRawSocket } from './raw-socket.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({
    apis: 2,
    products: [
      { slug: 'lamp', stock: 3 },
      { slug: 'vase', stock: 5 },
    ],
    env: { MAX_SUBSCRIPTIONS_PER_USER: '3' },
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

const productId = async (slug: string) => (await shop.inside.services.catalog.bySlug(slug)).id;

describe('a product on screen', () => {
  it('shows what is left of it, on every instance, and nothing of others', async () => {
    const [lamp, vase] = await Promise.all([productId('lamp'), productId('vase')]);
    const seen = shop.apis.map((api) => {
      const changes: unknown[] = [];
      shop.client(api).api.catalog.products.onChange.subscribe(
        { productIds: [lamp] },
        {
          onData: ({ data }) =>
            changes.push(data.type === 'product.changed' ? [data.productId, data.variants[0]?.available] : data.type),
        },
      );
      return changes;
    });
    await vi.waitFor(() => expect(seen).toEqual([['ready'], ['ready']]), PATIENCE);
    const buyer = await shop.customer();
    await shop.order(buyer, { slug: 'vase', paymentMethod: 'stripe_checkout' });
    const { order } = await shop.order(buyer, { slug: 'lamp', quantity: 2, paymentMethod: 'stripe_checkout' });
    await vi.waitFor(
      () =>
        expect(seen.map((changes) => changes.at(-1))).toEqual([
          [lamp, 1],
          [lamp, 1],
        ]),
      PATIENCE,
    );
    await buyer.api.orders.cancel.mutate({ orderId: order.id });
    await vi.waitFor(
      () =>
        expect(seen.map((changes) => changes.at(-1))).toEqual([
          [lamp, 3],
          [lamp, 3],
        ]),
      PATIENCE,
    );
    expect(JSON.stringify(seen)).not.toContain(vase);
  });
});

describe('operators', () => {
  it('see what happens to orders, and counters that equal the orders', async () => {
    const admin = await shop.admin(shop.apis[1]);
    const activity: string[] = [];
    let counters: { ordersToday: number; pendingOrders: number } | undefined;
    admin.api.admin.orders.onActivity.subscribe(
      {},
      {
        onData: ({ data }) => activity.push(data.type === 'order.status' ? `${data.number} ${data.change}` : data.type),
      },
    );
    admin.api.admin.analytics.onCounters.subscribe(
      {},
      { onData: ({ data }) => (counters = data.type === 'counters' ? data : counters) },
    );
    await vi.waitFor(() => expect([activity, counters !== undefined]).toEqual([['ready'], true]), PATIENCE);
    const { order } = await shop.order(await shop.customer(), { slug: 'vase', paymentMethod: 'stripe_checkout' });
    await vi.waitFor(() => expect(activity).toContain(`${order.number} placed`), PATIENCE);
    const all = async () => (await admin.api.admin.orders.list.query({ limit: 100 })).items;
    await vi.waitFor(async () => {
      const orders = await all();
      expect(counters).toMatchObject({
        ordersToday: orders.length,
        pendingOrders: orders.filter(({ status }) => status === 'pending').length,
      });
    }, PATIENCE);
  });

  it('alone may follow that', async () => {
    const customer = await shop.customer();
    const refused = new Promise<string>((resolve) => {
      customer.api.admin.orders.onActivity.subscribe({}, { onError: ({ message }) => resolve(message) });
    });
    expect(await refused).toBe('FORBIDDEN');
  });
});

describe('a user', () => {
  it('may have so many subscriptions over all sockets', async () => {
    const { accessToken: token } = await shop.client().api.auth.register.mutate({
      email: 'many@example.test',
      password: 'correct horse battery',
      name: 'Many',
    });
    const [first, second] = await Promise.all([1, 2].map(() => openRawSocket(shop.apis[0]!, { token })));
    first?.send(1, 'subscription', 'orders.onStatus');
    first?.send(2, 'subscription', 'orders.onStatus');
    await vi.waitFor(() => expect(first?.replies.filter(({ result }) => result?.id)).toHaveLength(2), PATIENCE);
    second?.send(1, 'subscription', 'orders.onStatus');
    second?.send(2, 'subscription', 'orders.onStatus');
    const refusals = () => second?.replies.flatMap(({ error }) => error?.json.data.reason ?? []);
    await vi.waitFor(() => expect(refusals()).toEqual(['RATE_LIMITED']), PATIENCE);
    first?.client.terminate();
    second?.client.terminate();
  });
});

describe('cut connections', () => {
  it('are mended by the SDK: nothing is missed, nothing comes twice', async () => {
    const lamp = await productId('vase');
    const opened: WebSocket[] = [];
    class Watched extends WebSocket {
      constructor(url: string | URL) {
        super(url);
        opened.push(this);
      }
    }
    const client = shop.client(shop.apis[1], { WebSocket: Watched });
    const ids: string[] = [];
    const kinds: string[] = [];
    client.api.catalog.products.onChange.subscribe(
      { productIds: [lamp] },
      {
        onData: ({ id, data }) => {
          ids.push(id);
          kinds.push(data.type);
        },
      },
    );
    await vi.waitFor(() => expect(kinds).toEqual(['ready']), PATIENCE);
    const buyer = await shop.customer();
    for (let turn = 1; turn <= 3; turn += 1) {
      const before = kinds.length;
      const { order } = await shop.order(buyer, { slug: 'vase', paymentMethod: 'stripe_checkout' });
      await vi.waitFor(() => expect(kinds.length).toBeGreaterThan(before), PATIENCE);
      opened.at(-1)?.close();
      // Happens while the client is away.
      await buyer.api.orders.cancel.mutate({ orderId: order.id });
      await vi.waitFor(() => expect(kinds.length).toBeGreaterThan(before + 1), PATIENCE);
      expect(opened.length).toBeGreaterThan(turn);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(kinds).not.toContain('resync');
  });
});
