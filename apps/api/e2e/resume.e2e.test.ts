import { newIdempotencyKey } from '@cartwright/sdk';
import { createTestShop, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openRawSocket } from './raw-socket.ts';

const ORDERS = 12;
const KILL_AT = 3;
const RESTART_AT = 7;
const PATIENCE = { timeout: 30_000, interval: 50 };

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({ apis: 2, products: [{ slug: 'lamp', stock: 100 }] });
});
afterAll(() => shop[Symbol.asyncDispose]());

type Seen = { id: string; what: string };

it('a subscription goes on over a killed instance, without a gap or a duplicate', async () => {
  const account = { email: 'resume@example.test', password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  const [victim, survivor] = shop.apis;
  const [cut, steady] = [shop.client(victim), shop.client(survivor)];

  const [ofCut, ofSteady]: [Seen[], Seen[]] = [[], []];
  for (const [client, seen] of [
    [cut, ofCut],
    [steady, ofSteady],
  ] as const) {
    await client.api.auth.login.mutate(account);
    client.api.orders.onStatus.subscribe(
      {},
      {
        onData: ({ id, data }) =>
          seen.push({ id, what: data.type === 'order.status' ? `${data.number} ${data.status}` : data.type }),
      },
    );
    await vi.waitFor(() => expect(seen.map(({ what }) => what)).toEqual(['ready']), 10_000);
  }

  const expected: string[] = [];
  for (let index = 0; index < ORDERS; index += 1) {
    if (index === KILL_AT) {
      // It has shown some of it already.
      await vi.waitFor(() => expect(ofCut.length).toBeGreaterThan(1), PATIENCE);
      await victim?.kill();
    }
    if (index === RESTART_AT) await shop.startApi(Number(new URL(victim?.url ?? '').port));
    const { order } = await shop.order(steady, { paymentMethod: 'cash_on_delivery' });
    await steady.api.orders.cancel.mutate({ orderId: order.id, idempotencyKey: newIdempotencyKey() });
    expected.push(`${order.number} canceled`);
  }

  const canceled = (seen: Seen[]) => seen.flatMap(({ what }) => (what.endsWith('canceled') ? [what] : []));
  await vi.waitFor(() => expect(canceled(ofSteady).sort()).toEqual([...expected].sort()), PATIENCE);
  await vi.waitFor(() => expect(canceled(ofCut)).toHaveLength(ORDERS), PATIENCE);
  // Where each of them began to follow is its own; all that came then is the same, in the same order, once.
  expect(ofCut.slice(1)).toEqual(ofSteady.slice(1));
  expect(new Set(ofCut.map(({ id }) => id)).size).toBe(ofCut.length);
  expect(ofCut.map(({ what }) => what)).not.toContain('resync');
});

it('a forged place to resume from is answered by a resync, and never by what is not one’s own', async () => {
  const { accessToken } = await shop.client().api.auth.register.mutate({
    email: 'forger@example.test',
    password: TEST_PASSWORD,
    name: 'Mallory',
  });
  for (const lastEventId of ['0-0', 'forged', '../../x', '0'.repeat(64), `${'f'.repeat(12)}_1-1`]) {
    const socket = await openRawSocket(shop.apis[1]!, { token: accessToken });
    const params = { path: 'orders.onStatus', input: { json: {} }, lastEventId };
    socket.client.send(JSON.stringify({ id: 1, method: 'subscription', params }));
    const types = () => socket.replies.flatMap(({ result }) => result?.data?.json.data.type ?? []);
    await vi.waitFor(() => expect(types()).toEqual(['resync']), 10_000);
    socket.client.terminate();
  }
});
