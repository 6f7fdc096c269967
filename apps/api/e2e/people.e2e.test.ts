import { isCartwrightError } from '@cartwright/sdk';
import { createTestShop, signedIn, TEST_PASSWORD, type HostProcess, type TestShop } from '@cartwright/testapp';
import { timeLimit } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRawSocket } from './raw-socket.ts';

/** A ban and another role hold everywhere within this time. */
const LIMIT_MS = timeLimit(1_000);
const INSTANCES = 3;

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({ apis: INSTANCES, workers: 1 });
});
afterAll(() => shop[Symbol.asyncDispose]());

const instances = (): HostProcess[] => [...shop.apis];
const refusal = (reason: Parameters<typeof isCartwrightError>[1]) => (error: unknown) =>
  isCartwrightError(error, reason);

let accounts = 0;
async function newPerson(role: 'admin' | 'customer') {
  accounts += 1;
  const account = { email: `people-${accounts}@example.test`, password: TEST_PASSWORD };
  const { createAdmin, createCustomer } = shop.inside.services.accounts;
  const { id } = await (role === 'admin' ? createAdmin : createCustomer)({ ...account, name: `Person ${accounts}` });
  const device = shop.client(instances()[0]);
  const { accessToken } = signedIn(await device.api.auth.login.mutate(account));
  return { id, account, device, accessToken };
}

/** A bare socket on each instance, its subscription under way. */
async function followOn(token: string, path: string) {
  const sockets = await Promise.all(instances().map((api) => openRawSocket(api, { token })));
  for (const socket of sockets) socket.send(1, 'subscription', path);
  await vi.waitFor(() => {
    for (const { replies } of sockets) expect(replies.at(-1)?.result?.data?.json.data.type).toBe('ready');
  }, 10_000);
  return sockets;
}

/** What each instance says to a call of administrators with this token. */
async function adminAnswers(token: string): Promise<string[]> {
  return Promise.all(
    instances().map(async (api) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${api.url}/trpc/admin.orders.list?input=${encodeURIComponent('{"json":{}}')}`, {
        headers,
      });
      if (answer.status === 200) return 'OK';
      const { error } = (await answer.json()) as { error: { json: { data: { reason: string } } } };
      return error.json.data.reason;
    }),
  );
}

describe('a ban', () => {
  it('ends calls and open sockets on every instance at once, is told, and can be lifted', async () => {
    const root = await newPerson('admin');
    const ada = await newPerson('customer');
    const sockets = await followOn(ada.accessToken, 'orders.onStatus');
    const since = performance.now();
    await root.device.api.admin.users.ban.mutate({ userId: ada.id, reason: 'Fraud' });
    expect(await adminAnswers(ada.accessToken)).toEqual(instances().map(() => 'SESSION_REVOKED'));
    for (const { code, at } of await Promise.all(sockets.map(({ closed }) => closed))) {
      expect(code).toBe(4401);
      expect(at - since).toBeLessThan(LIMIT_MS);
    }
    await expect(ada.device.api.auth.login.mutate(ada.account)).rejects.toSatisfy(
      (error) => isCartwrightError(error, 'ACCOUNT_BANNED') && error.details?.reason === 'Fraud',
    );
    await root.device.api.admin.users.unban.mutate({ userId: ada.id });
    signedIn(await ada.device.api.auth.login.mutate(ada.account));
    await vi.waitFor(
      async () => {
        const { items } = await ada.device.api.notifications.list.query({});
        expect(items.map(({ type }) => type).sort()).toEqual(['account.banned', 'account.unbanned']);
      },
      { timeout: 20_000, interval: 100 },
    );
  });
});

describe('another role', () => {
  it('opens and closes calls and sockets on every instance at once', async () => {
    const root = await newPerson('admin');
    const ada = await newPerson('customer');
    expect(await adminAnswers(ada.accessToken)).toEqual(instances().map(() => 'FORBIDDEN'));
    await root.device.api.admin.users.setRole.mutate({ userId: ada.id, role: 'staff' });
    expect(await adminAnswers(ada.accessToken)).toEqual(instances().map(() => 'OK'));
    const sockets = await followOn(ada.accessToken, 'admin.orders.onActivity');
    const since = performance.now();
    await root.device.api.admin.users.setRole.mutate({ userId: ada.id, role: 'customer' });
    expect(await adminAnswers(ada.accessToken)).toEqual(instances().map(() => 'FORBIDDEN'));
    for (const { code, at } of await Promise.all(sockets.map(({ closed }) => closed))) {
      expect(code).toBe(4401);
      expect(at - since).toBeLessThan(LIMIT_MS);
    }
    // The token is good still: a new socket opens, and is refused what the role doesn't hold.
    const [api] = instances();
    if (!api) throw new Error('No API instance');
    const again = await openRawSocket(api, { token: ada.accessToken });
    again.send(1, 'subscription', 'admin.orders.onActivity');
    await vi.waitFor(() => expect(JSON.stringify(again.replies.at(-1))).toContain('FORBIDDEN'), 10_000);
    again.client.close();
  });

  it('is nobody’s own to give, and stands in the audit log with every look at people', async () => {
    const root = await newPerson('admin');
    const ada = await newPerson('customer');
    const { users, audit } = root.device.api.admin;
    await expect(users.setRole.mutate({ userId: root.id, role: 'customer' })).rejects.toSatisfy(refusal('OWN_ACCOUNT'));
    await users.byId.query({ userId: ada.id });
    await users.setRole.mutate({ userId: ada.id, role: 'staff' });
    await expect(ada.device.api.admin.users.byId.query({ userId: root.id })).rejects.toSatisfy(refusal('FORBIDDEN'));
    const { items } = await audit.list.query({ actorId: root.id });
    expect(items.map(({ action, outcome, target, details }) => [action, outcome, target?.id, details])).toEqual([
      ['admin.users.setRole', 'ok', ada.id, { role: 'staff' }],
      ['admin.users.byId', 'ok', ada.id, undefined],
      ['admin.users.setRole', 'refused', root.id, { role: 'customer', reason: 'OWN_ACCOUNT' }],
      ['login.succeeded', 'ok', undefined, undefined],
    ]);
    expect(items[0]).toMatchObject({ actor: { email: root.account.email }, target: { name: expect.any(String) } });
    expect(items[0]?.ip).toMatch(/127\.0\.0\.1|::1/);
  });
});
