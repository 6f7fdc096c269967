import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, TEST_ADDRESS, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startNginx } from './nginx.ts';
import { findOnPath } from './sources.ts';

const root = path.resolve(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..');
const installed = findOnPath('nginx', { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` }) !== undefined;
const portOf = (url: string) => Number(new URL(url).port);
const delivery = { shippingAddress: TEST_ADDRESS, shippingMethod: 'standard' };
const PATIENCE = { timeout: 20_000, interval: 50 };

let shop: TestShop;
let nginx: Awaited<ReturnType<typeof startNginx>>;
let storefront: http.Server;

type LogLine = { path: string; status: number; upstream: string };
const log = () =>
  nginx
    .accessLog()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);

const customer = async (): Promise<Cartwright> => {
  const client = shop.client(undefined, { url: nginx.url });
  const account = { email: `buyer-${randomUUID()}@example.test`, password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Buyer' });
  await client.api.auth.login.mutate(account);
  return client;
};

async function order({ api }: Cartwright, paymentMethod: 'stripe_checkout' | 'cash_on_delivery') {
  await api.cart.addItem.mutate({ variantId: shop.variants.get('lamp') ?? '', quantity: 1 });
  const { quoteHash, cartVersion } = await api.checkout.quote.query({ ...delivery, paymentMethod });
  const idempotencyKey = newIdempotencyKey();
  return api.orders.place.mutate({ ...delivery, paymentMethod, quoteHash, cartVersion, idempotencyKey });
}

describe.skipIf(!installed)('the shop behind nginx', () => {
  beforeAll(async () => {
    shop = await createTestShop({ products: [{ slug: 'lamp', price: 2_000, stock: 500 }] });
    // As many as there are may wait.
    await shop.inside.services.shopSettings.update({ maximumPendingOrders: 500 });
    storefront = http.createServer((_request, response) => response.end('storefront'));
    await new Promise<void>((resolve) => storefront.listen(0, '127.0.0.1', resolve));
    const instances = await Promise.all([shop.startApi(), shop.startApi()]);
    // nginx takes the place that payment events are sent to, so that these go through it as well.
    const [first] = shop.apis.splice(0, 1);
    await first?.stop();
    nginx = await startNginx({
      root,
      port: portOf(first?.url ?? ''),
      api: instances.map(({ url }) => new URL(url).host),
      web: [`127.0.0.1:${(storefront.address() as AddressInfo).port}`],
    });
  }, 120_000);
  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
    await nginx.stop();
    await new Promise((resolve) => storefront.close(resolve));
  });

  it('sells from browsing to the paid order, watched live, over both instances', async () => {
    const buyer = await customer();
    const { order: placed, payment } = await order(buyer, 'stripe_checkout');
    const seen: (string | undefined)[] = [];
    const watching = buyer.api.orders.onStatus.subscribe(
      { orderId: placed.id },
      { onData: (event) => seen.push((event as { data: { status?: string } }).data.status) },
    );
    await vi.waitFor(() => expect(buyer.connection.state()).toBe('open'), PATIENCE);
    expect(await shop.pay(payment.url ?? '')).toMatchObject({ outcome: 'paid' });
    await vi.waitFor(() => expect(seen).toContain('paid'), PATIENCE);
    watching.unsubscribe();

    expect(await fetch(`${nginx.url}/account`).then((page) => page.text())).toBe('storefront');
    const lines = log();
    expect(lines.some(({ path: url, status }) => url === '/webhooks/stripe' && status === 200)).toBe(true);
    const instances = new Set(lines.filter(({ path: url }) => url.startsWith('/trpc')).map(({ upstream }) => upstream));
    expect(instances.size).toBe(2);
  });

  it('goes on selling while the instances are restarted one after the other', { timeout: 120_000 }, async () => {
    const watcher = await customer();
    const { order: watched, payment } = await order(watcher, 'stripe_checkout');
    const seen: (string | undefined)[] = [];
    const watching = watcher.api.orders.onStatus.subscribe(
      { orderId: watched.id },
      { onData: (event) => seen.push((event as { data: { status?: string } }).data.status) },
    );
    const before = log().length;
    let selling = true;
    const numbers: string[] = [];
    const failures: unknown[] = [];
    const buyers = await Promise.all(Array.from({ length: 3 }, () => customer()));
    const sales = buyers.map(async (buyer) => {
      while (selling && failures.length === 0) {
        const sale = order(buyer, 'cash_on_delivery').then((made) => numbers.push(made.order.number));
        await sale.catch((error: unknown) => failures.push(error));
      }
    });
    for (const instance of [...shop.apis]) {
      const sold = numbers.length;
      await instance.stop();
      await shop.startApi(portOf(instance.url));
      await vi.waitFor(() => expect(numbers.length + failures.length * 100).toBeGreaterThan(sold + 2), PATIENCE);
    }
    selling = false;
    await Promise.all(sales);

    expect(failures).toEqual([]);
    const requests = log().slice(before);
    expect(requests.filter(({ status }) => status >= 500)).toEqual([]);
    expect(new Set(numbers).size).toBe(numbers.length);
    const variantId = shop.variants.get('lamp') ?? '';
    const level = (await shop.inside.services.inventory.levels([variantId])).get(variantId);
    // Every order of cash on delivery holds one, and so does the watched one; the paid one of the first test as well.
    expect(level?.reserved).toBe(numbers.length + 2);

    expect(await shop.pay(payment.url ?? '')).toMatchObject({ outcome: 'paid' });
    await vi.waitFor(() => expect(seen).toContain('paid'), PATIENCE);
    watching.unsubscribe();
  });
});
