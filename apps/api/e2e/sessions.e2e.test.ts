import { isCartwrightError, memoryTokenStorage, type SignedOutReason } from '@cartwright/sdk';
import {
  createTestShop,
  signedIn,
  startHost,
  TEST_PASSWORD,
  type HostProcess,
  type TestShop,
} from '@cartwright/testapp';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis } from '@cartwright/platform-redis';
import { startRedisServer, timeLimit, type RedisServer } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openRawSocket } from './raw-socket.ts';

const SHORT_SECONDS = 5;
/** Revocation holds everywhere within this time. */
const LIMIT_MS = timeLimit(1_000);

let redis: RedisServer;
let shop: TestShop;
beforeAll(async () => {
  redis = await startRedisServer();
  shop = await createTestShop({ apis: 3, workers: 0, env: { REDIS_URL: redis.url } });
}, 180_000);
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await redis.stop();
});

const instance = (index: number): HostProcess => {
  const api = shop.apis[index];
  if (!api) throw new Error(`No API instance ${index}`);
  return api;
};

let accounts = 0;
async function newAccount() {
  accounts += 1;
  const account = { email: `session-${accounts}@example.test`, password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  return account;
}

/** A device: the SDK and, with the same tokens, a bare socket that follows orders on each instance. */
async function signIn(account: { email: string; password: string }) {
  const onSignedOut = vi.fn<(reason: SignedOutReason) => void>();
  const device = shop.client(instance(0), { onSignedOut });
  const { sessionId, accessToken, refreshToken } = signedIn(await device.api.auth.login.mutate(account));
  const sockets = await Promise.all(shop.apis.map((api) => openRawSocket(api, { token: accessToken })));
  for (const socket of sockets) socket.send(1, 'subscription', 'orders.onStatus');
  await vi.waitFor(() => {
    for (const { replies } of sockets) expect(replies.at(-1)?.result?.data?.json.data.type).toBe('ready');
  }, 10_000);
  return { device, onSignedOut, sessionId, accessToken, refreshToken, sockets };
}
type Device = Awaited<ReturnType<typeof signIn>>;

/** What an instance says to a token. */
async function reasonFor(api: HostProcess, token: string): Promise<string> {
  const answer = await fetch(`${api.url}/trpc/account.me`, { headers: { authorization: `Bearer ${token}` } });
  if (answer.status === 200) return 'OK';
  const { error } = (await answer.json()) as { error: { json: { data: { reason: string } } } };
  return error.json.data.reason;
}

/** The session is over: within the limit all instances refuse its token, for good, and close its sockets with 4401. */
async function expectEnded({ accessToken, sockets }: Device, since: number): Promise<void> {
  const refuse = async () => {
    for (const api of shop.apis) expect(await reasonFor(api, accessToken)).toBe('SESSION_REVOKED');
  };
  await vi.waitFor(refuse, { timeout: Math.max(1, since + LIMIT_MS - performance.now()), interval: 5 });
  await refuse();
  for (const { code, at } of await Promise.all(sockets.map(({ closed }) => closed))) {
    expect(code).toBe(4401);
    expect(at - since).toBeLessThan(LIMIT_MS);
  }
}

async function expectAlive({ accessToken, sockets }: Device): Promise<void> {
  for (const api of shop.apis) expect(await reasonFor(api, accessToken)).toBe('OK');
  expect(sockets.map(({ isOpen }) => isOpen())).toEqual([true, true, true]);
}

const refusal = (reason: Parameters<typeof isCartwrightError>[1]) => (error: unknown) =>
  isCartwrightError(error, reason);

describe('a session ends on every instance, for calls and open sockets', () => {
  it('when its device logs out; other devices stay', async () => {
    const account = await newAccount();
    const [phone, laptop] = [await signIn(account), await signIn(account)];
    await phone.device.api.auth.logout.mutate();
    await expectEnded(phone, performance.now());
    await expectAlive(laptop);
  });

  it('when the user logs out everywhere; other users stay', async () => {
    const account = await newAccount();
    const [phone, laptop, other] = [await signIn(account), await signIn(account), await signIn(await newAccount())];
    await phone.device.api.auth.logoutAll.mutate();
    const since = performance.now();
    await Promise.all([expectEnded(phone, since), expectEnded(laptop, since)]);
    await expectAlive(other);
  });

  it('when another device revokes it, and nobody else can', async () => {
    const account = await newAccount();
    const [phone, laptop, thief] = [await signIn(account), await signIn(account), await signIn(await newAccount())];
    const { items } = await laptop.device.api.account.sessions.list.query();
    expect(items.map(({ id }) => id).sort()).toEqual([phone.sessionId, laptop.sessionId].sort());
    const { sessionId } = phone;
    await expect(thief.device.api.account.sessions.revoke.mutate({ sessionId })).rejects.toSatisfy(
      refusal('NOT_FOUND'),
    );
    await laptop.device.api.account.sessions.revoke.mutate({ sessionId });
    await expectEnded(phone, performance.now());
    await expectAlive(laptop);
    await expect(phone.device.api.account.me.query()).rejects.toSatisfy(refusal('SESSION_REVOKED'));
    expect(phone.device.session.current()).toBeNull();
    expect(phone.onSignedOut).toHaveBeenCalledExactlyOnceWith('SESSION_REVOKED');
  });

  it('when another device ends all but itself', async () => {
    const account = await newAccount();
    const [phone, tablet, laptop] = [await signIn(account), await signIn(account), await signIn(account)];
    await laptop.device.api.account.sessions.revokeOthers.mutate();
    const since = performance.now();
    await Promise.all([expectEnded(phone, since), expectEnded(tablet, since)]);
    await expectAlive(laptop);
  });

  it('while it is in use: no instance answers its calls for longer than the limit', async () => {
    const account = await newAccount();
    const [phone, laptop] = [await signIn(account), await signIn(account)];
    let last = 0;
    let stop = false;
    const calling = shop.apis.map(async (api) => {
      while (!stop) if ((await reasonFor(api, phone.accessToken)) === 'OK') last = performance.now();
    });
    // Each instance remembers that it is alive by then.
    await vi.waitFor(() => expect(last).toBeGreaterThan(0), 10_000);
    const { sessionId } = phone;
    await laptop.device.api.account.sessions.revoke.mutate({ sessionId });
    const since = performance.now();
    await expectEnded(phone, since);
    stop = true;
    await Promise.all(calling);
    expect(last - since).toBeLessThan(LIMIT_MS);
  });

  it('when many refresh with the same token at once, over all instances, for none: all get the same successor', async () => {
    const device = await signIn(await newAccount());
    const clients = shop.apis.map((api) => shop.client(api).api);
    const { refreshToken } = device;
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => clients[index % clients.length]?.auth.refresh.mutate({ refreshToken })),
    );
    expect(new Set(answers.map((answer) => answer?.refreshToken)).size).toBe(1);
    await expectAlive(device);
  });

  it('when a refresh token is used again after its successor', async () => {
    const victim = await signIn(await newAccount());
    const { api } = shop.client(instance(1));
    const next = await api.auth.refresh.mutate({ refreshToken: victim.refreshToken });
    // A lost answer may be asked for again, and is the same.
    const again = await api.auth.refresh.mutate({ refreshToken: victim.refreshToken });
    expect(again.refreshToken).toBe(next.refreshToken);
    await api.auth.refresh.mutate({ refreshToken: next.refreshToken });
    await expectAlive(victim);
    await expect(api.auth.refresh.mutate({ refreshToken: victim.refreshToken })).rejects.toSatisfy(
      refusal('REFRESH_TOKEN_REUSED'),
    );
    await expectEnded(victim, performance.now());
  });

  it('when its end may have been missed: sockets are closed to sign in anew, and the SDK does', async () => {
    const account = await newAccount();
    const { sockets, device, onSignedOut } = await signIn(account);
    const guest = await openRawSocket(instance(0));
    const types: string[] = [];
    device.api.orders.onStatus.subscribe({}, { onData: ({ data }) => types.push(data.type) });
    await vi.waitFor(() => expect(types).toEqual(['ready']), 10_000);

    const side = await createRedis({ url: redis.url, prefix: 'x', logger: createSilentLogger() });
    await side.client.client('KILL', 'TYPE', 'PUBSUB');
    await side.close();
    expect((await Promise.all(sockets.map(({ closed }) => closed))).map(({ code }) => code)).toEqual([
      4401, 4401, 4401,
    ]);
    expect(guest.isOpen()).toBe(true);
    await vi.waitFor(() => expect(device.connection.state()).toBe('open'), 10_000);
    expect(await device.api.account.me.query()).toMatchObject({ email: account.email });
    expect(types).toEqual(['ready']);
    expect(onSignedOut).not.toHaveBeenCalled();
  });
});

describe('an access token that expires', () => {
  it('closes a bare socket with 4401, and is renewed by the SDK without anybody noticing', async () => {
    const api = await startHost('api', { ...shop.env, ACCESS_TOKEN_SECONDS: String(SHORT_SECONDS) });
    onTestFinished(async () => void (await api.stop()));
    const onSignedOut = vi.fn();
    const device = shop.client(api, { onSignedOut });
    const { accessToken } = signedIn(await device.api.auth.login.mutate(await newAccount()));
    const [states, types]: [string[], string[]] = [[], []];
    device.connection.subscribe((state) => states.push(state));
    device.api.orders.onStatus.subscribe({}, { onData: ({ data }) => types.push(data.type) });
    const socket = await openRawSocket(api, { token: accessToken });

    expect((await socket.closed).code).toBe(4401);
    expect(await reasonFor(api, accessToken)).toBe('UNAUTHENTICATED');
    expect(await device.api.account.me.query()).toMatchObject({ name: 'Ada' });
    await vi.waitFor(() => expect(states.filter((state) => state === 'open')).toHaveLength(2), 10_000);
    expect(types).toEqual(['ready']);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it('is renewed by the SDK when the server says so, and the call is sent again', async () => {
    const { user, accessToken, refreshToken, sessionId } = signedIn(
      await shop.client().api.auth.login.mutate(await newAccount()),
    );
    const [head, body] = accessToken.split('.');
    // The client's clock finds nothing wrong with it.
    const tokens = { user, accessToken: `${head}.${body}.${'x'.repeat(86)}`, refreshToken, sessionId };
    const device = shop.client(instance(1), { storage: memoryTokenStorage(tokens) });
    const names = await Promise.all([1, 2, 3].map(async () => (await device.api.account.me.query()).name));
    expect(names).toEqual(['Ada', 'Ada', 'Ada']);
  });

  it('is told apart by nobody from a forged one', async () => {
    const { accessToken } = await signIn(await newAccount());
    const [head = '', body = ''] = accessToken.split('.');
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const answers = await Promise.all(
      [
        `${encode({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
        `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'test' })}.${body}.${'x'.repeat(43)}`,
        `${head}.${encode({ sub: 'somebody', sid: 'x', exp: 9_999_999_999 })}.${'x'.repeat(86)}`,
        `${head}.${body}.${'x'.repeat(86)}`,
        'no token',
        'x'.repeat(4_000),
      ].map((token) => reasonFor(instance(0), token)),
    );
    expect(new Set(answers)).toEqual(new Set(['UNAUTHENTICATED']));
  });
});
