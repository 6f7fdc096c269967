import { createTestShop, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const TOKENS = 2;
const PATIENCE = { timeout: 30_000, interval: 50 };

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({
    apis: 2,
    products: [{ slug: 'lamp', stock: 1_000 }],
    env: { ACCESS_TOKEN_SECONDS: '5' },
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

it('a subscription outlives its tokens, on whatever instance: nothing is missed, nothing comes twice', async () => {
  const account = { email: 'long@example.test', password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  const [buyer, follower] = [shop.client(shop.apis[1]), followerOver(shop.apis.map(({ url }) => url))];
  for (const { api } of [buyer, follower.client]) await api.auth.login.mutate(account);

  const seen: { id: string; what: string }[] = [];
  follower.client.api.orders.onStatus.subscribe(
    {},
    {
      onData: ({ id, data }) =>
        seen.push({ id, what: data.type === 'order.status' ? `${data.number} ${data.status}` : data.type }),
      onError: ({ message }) => seen.push({ id: '', what: message }),
    },
  );
  await vi.waitFor(() => expect(seen).toHaveLength(1), PATIENCE);

  const expected: string[] = [];
  const placeAndCancel = async () => {
    const { order } = await shop.order(buyer, { paymentMethod: 'cash_on_delivery' });
    await buyer.api.orders.cancel.mutate({ orderId: order.id });
    expected.push(`${order.number} canceled`);
  };
  const ended = () => follower.ends.filter((code) => code === 4401).length;
  // A few orders while it is open, more the moment it has ended: within what one may place in ten minutes.
  for (let tokens = 1; tokens <= TOKENS; tokens++) {
    for (let placed = 0; placed < 5; placed++) await placeAndCancel();
    await vi.waitFor(() => expect(ended()).toBeGreaterThanOrEqual(tokens), { ...PATIENCE, interval: 5 });
    for (let placed = 0; placed < 15; placed++) await placeAndCancel();
  }
  await vi.waitFor(() => expect(seen.map(({ what }) => what)).toEqual(expect.arrayContaining(expected)), PATIENCE);

  // When an event is due just then, the subscription ends before its socket: the SDK closes that itself (1005).
  expect(follower.ends.filter((code) => code !== 4401 && code !== 1005)).toEqual([]);
  expect(new Set(follower.hosts).size).toBe(2);
  const [first, ...events] = seen.map(({ what }) => what);
  expect([first, events.filter((what) => !/ (pending|canceled)$/.test(what))]).toEqual(['ready', []]);
  expect(events.filter((what) => what.endsWith('canceled')).sort()).toEqual([...expected].sort());
  const ids = seen.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  // In the order of the stream: its ids are a time and a number.
  const places = ids.map((id) => id.split(/[_-]/).slice(1).map(Number));
  expect(places).toEqual([...places].sort((left, right) => left[0]! - right[0]! || left[1]! - right[1]!));
});

/** A client that opens each of its sockets on another instance; how each of them ended. */
function followerOver(urls: readonly string[]) {
  const hosts: string[] = [];
  const ends: number[] = [];
  class InTurn extends WebSocket {
    constructor(given: string | URL) {
      const target = new URL(given);
      target.host = new URL(urls[hosts.length % urls.length]!).host;
      super(target);
      hosts.push(target.host);
      this.addEventListener('close', ({ code }) => ends.push(code));
    }
  }
  return { client: shop.client(shop.apis[0], { WebSocket: InTurn }), hosts, ends };
}
