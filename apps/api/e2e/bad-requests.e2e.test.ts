import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { newIdempotencyKey } from '@cartwright/sdk';
import { createTestShop, startHost, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { postRaw, sendRaw } from './raw-http.ts';

let shop: TestShop;
let base: string;
let trpc: string;
beforeAll(async () => {
  shop = await createTestShop({ workers: 0, products: [{ slug: 'lamp', stock: 100 }] });
  base = shop.apis[0]?.url ?? '';
  trpc = `${base}/trpc`;
});
afterAll(() => shop[Symbol.asyncDispose]());

const JSON_TYPE = { 'content-type': 'application/json' };
const MEGABYTE = 1024 * 1024;

/** A guest's cart with one lamp in it: how much is in there, and a batch that would add more. */
async function guestCart() {
  const { api } = shop.client();
  const variantId = shop.variants.get('lamp') ?? '';
  const { cartToken = '' } = await api.cart.addItem.mutate({ variantId, quantity: 1 });
  return {
    cartToken,
    add: { json: { variantId, quantity: 1 } },
    count: async () => {
      const { text } = await sendRaw(`${trpc}/cart.get`, { headers: { 'x-cart-token': cartToken } });
      return (JSON.parse(text) as { result: { data: { json: { itemCount: number } } } }).result.data.json.itemCount;
    },
  };
}

const batchOf = (calls: number, input: unknown): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: calls }, (_, index) => [index, input])));
const pathsOf = (calls: number, path: string): string => Array.from({ length: calls }, () => path).join(',');

describe('a request that is wrong in itself', () => {
  it('is too large', async () => {
    const body = JSON.stringify({ json: { email: 'a@example.test', password: 'x'.repeat(5 * MEGABYTE) } });
    expect(await postRaw(`${trpc}/auth.login`, body)).toMatchObject({
      status: 413,
      error: { reason: 'INVALID_INPUT', requestId: expect.stringMatching(/.{8}/) },
    });
    // Without telling its length before.
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let sent = 0; sent < MEGABYTE; sent += 65_536) controller.enqueue(Buffer.alloc(65_536, 'x'));
        controller.close();
      },
    });
    const init = { method: 'POST', body: chunks, headers: JSON_TYPE, duplex: 'half' } as const;
    expect(await sendRaw(`${trpc}/auth.login`, init)).toMatchObject({
      status: 413,
      error: { reason: 'INVALID_INPUT' },
    });
  });

  it.each(['{"json":', '', 'null', '[1]', '"x"', '{"json":{}}{}', '\u0000', '[[[['])(
    'is no good JSON: %j',
    async (body) => {
      expect(await postRaw(`${trpc}/auth.login`, body)).toMatchObject({
        status: 400,
        error: { reason: 'INVALID_INPUT' },
      });
    },
  );

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/jsonp',
  ])('is of another type: %s', async (type) => {
    const answer = await postRaw(`${trpc}/auth.login`, '{"json":{}}', { 'content-type': type });
    expect(answer).toMatchObject({ status: 415, error: { reason: 'INVALID_INPUT' } });
  });

  it('calls by a method that does not fit', async () => {
    const { cartToken, count } = await guestCart();
    const headers = { 'x-cart-token': cartToken };
    const answer = await sendRaw(`${trpc}/cart.clear`, { headers });
    expect(answer).toMatchObject({ status: 405, error: { reason: 'INVALID_INPUT' } });
    const batch = await sendRaw(`${trpc}/cart.clear,cart.clear?batch=1`, { headers });
    expect(batch).toMatchObject({ status: 405, error: { reason: 'INVALID_INPUT' } });
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect((await sendRaw(`${trpc}/cart.clear`, { method, headers })).status).toBe(405);
    }
    // Subscriptions run over sockets alone.
    expect((await sendRaw(`${trpc}/orders.onStatus`)).text).toContain('METHOD_NOT_SUPPORTED');
    expect(await count()).toBe(1);
  });

  it.each(['nothing.here', '__proto__', 'constructor', 'orders', 'orders.__proto__.x', '%E0%A4%A', 'a,b'])(
    'calls what does not exist: %s',
    async (path) => {
      const { status } = await sendRaw(`${trpc}/${path}`);
      expect([400, 404]).toContain(status);
    },
  );

  it.each([
    ['by two lengths of its body', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['by a length that comes twice', 'Content-Length: 4\r\nContent-Length: 0\r\n\r\n'],
    ['by a length that is none', 'Content-Length: +4\r\n\r\n'],
    ['by an encoding that proxies read otherwise', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['by an encoding with a space before its colon', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['by a header that goes on in the next line', 'X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['by a chunk whose length is none', 'Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n'],
  ])('smuggles another one, %s', async (_, rest) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    const head = 'POST /trpc/auth.logout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    socket.write(`${head}${rest}GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n`);
    let answers = '';
    socket.on('data', (data: Buffer) => (answers += data.toString()));
    await once(socket, 'close');
    expect(answers).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answers).not.toContain('# HELP');
  });

  it('has a Host that is none', async () => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    socket.write('GET /trpc/system.health HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });
});

describe('a batch', () => {
  it('beyond its limit is refused before any of its calls runs', async () => {
    const { cartToken, add, count } = await guestCart();
    const headers = { 'x-cart-token': cartToken };
    const tooMany = await postRaw(`${trpc}/${pathsOf(21, 'cart.addItem')}?batch=1`, batchOf(21, add), headers);
    expect(tooMany).toMatchObject({ status: 400, error: { reason: 'INVALID_INPUT' } });
    expect(await count()).toBe(1);
    const fits = await postRaw(`${trpc}/${pathsOf(2, 'cart.addItem')}?batch=1`, batchOf(2, add), headers);
    expect(fits.status).toBe(200);
    expect(await count()).toBe(3);
  });

  it('of several calls takes no idempotency key for all of them; a batch of one does', async () => {
    const { cartToken, add, count } = await guestCart();
    const headers = { 'x-cart-token': cartToken, 'idempotency-key': newIdempotencyKey() };
    const shared = await postRaw(`${trpc}/${pathsOf(2, 'cart.addItem')}?batch=1`, batchOf(2, add), headers);
    expect(shared).toMatchObject({ status: 400, error: { reason: 'INVALID_INPUT' } });
    expect(shared.error?.requestId).toBe(shared.headers.get('x-request-id'));
    expect(await count()).toBe(1);
    expect((await postRaw(`${trpc}/cart.addItem?batch=1`, batchOf(1, add), headers)).status).toBe(200);
    expect(await count()).toBe(2);
  });
});

describe('who calls', () => {
  it('is not told by a stranger in X-Forwarded-For', async () => {
    const api = await startHost('api', { ...shop.env, TRUSTED_PROXIES: '192.0.2.1', COUNTRY_HEADER: 'cf-ipcountry' });
    onTestFinished(async () => void (await api.stop()));
    const account = { email: 'forwarded@example.test', password: TEST_PASSWORD };
    await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
    const client = shop.client(api, { headers: { 'x-forwarded-for': '198.51.100.7', 'cf-ipcountry': 'PT' } });
    await client.api.auth.login.mutate(account);
    const { items } = await client.api.account.sessions.list.query();
    expect(items.map(({ ip, country }) => [ip, country])).toEqual([['127.0.0.1', null]]);

    // And so guessing from ever new addresses counts as from one, and is told when to come back.
    const guess = (index: number) =>
      postRaw(`${api.url}/trpc/auth.login`, JSON.stringify({ json: { ...account, password: `guess-${index}` } }), {
        'x-forwarded-for': `198.51.100.${index}`,
      });
    const reasons: (string | undefined)[] = [];
    for (let index = 0; index < 11; index += 1) reasons.push((await guess(index)).error?.reason);
    expect(reasons).toEqual([...Array.from({ length: 10 }, () => 'INVALID_CREDENTIALS'), 'RATE_LIMITED']);
    const limited = await guess(11);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is told by a proxy that the shop trusts, with the country', async () => {
    const api = await startHost('api', { ...shop.env, TRUSTED_PROXIES: '127.0.0.1', COUNTRY_HEADER: 'cf-ipcountry' });
    onTestFinished(async () => void (await api.stop()));
    const account = { email: 'proxied@example.test', password: TEST_PASSWORD };
    await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
    const client = shop.client(api, { headers: { 'x-forwarded-for': '198.51.100.7', 'cf-ipcountry': 'PT' } });
    await client.api.auth.login.mutate(account);
    const { items } = await client.api.account.sessions.list.query();
    expect(items.map(({ ip, country }) => [ip, country])).toEqual([['198.51.100.7', 'PT']]);
  });

  it('may name the request, in a harmless way', async () => {
    const idOf = async (id: string) =>
      (await sendRaw(`${trpc}/account.me`, { headers: { 'x-request-id': id } })).error?.requestId;
    expect(await idOf('my-request-1')).toBe('my-request-1');
    expect(await idOf('{"a":1}, admin')).toMatch(/^[0-9a-f-]{36}$/);
    const { headers } = await sendRaw(`${base}/health/live`, { headers: { 'x-request-id': 'my-request-2' } });
    expect(headers.get('x-request-id')).toBe('my-request-2');
  });

  it('gets public keys and nothing private', async () => {
    const { text, status } = await sendRaw(`${base}/.well-known/jwks.json`);
    expect(status).toBe(200);
    const { keys } = JSON.parse(text) as { keys: object[] };
    expect(keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', kid: 'test', x: expect.any(String), use: 'sig', alg: 'EdDSA' },
    ]);
  });
});

describe('browsers', () => {
  const allowed = () => shop.env.WEB_URL ?? '';

  it('are told to trust the answers in nothing', async () => {
    for (const path of ['/trpc/system.health', '/health/live', '/nothing']) {
      const { headers } = await sendRaw(`${base}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('may show the answers to the pages of allowed origins alone', async () => {
    const permissionFor = async (origin: string, init: RequestInit = {}) => {
      const { headers } = await sendRaw(`${trpc}/system.health`, { ...init, headers: { origin } });
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      return headers.get('access-control-allow-origin');
    };
    for (const init of [{}, { method: 'OPTIONS' }]) {
      expect(await permissionFor(allowed(), init)).toBe(allowed());
      const strangers = [
        'null',
        'https://evil.test',
        `${allowed()}.evil.test`,
        allowed().toUpperCase(),
        `${allowed()}/`,
      ];
      for (const origin of strangers) expect(await permissionFor(origin, init)).toBeNull();
    }
    const { headers, status } = await sendRaw(`${trpc}/orders.place`, {
      method: 'OPTIONS',
      headers: { origin: allowed(), 'access-control-request-method': 'POST' },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-headers')).toContain('idempotency-key');
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
  });
});

describe('a webhook', () => {
  const secret = () => shop.env.STRIPE_WEBHOOK_SECRET ?? '';
  const eventOf = (id: string) =>
    JSON.stringify({
      id,
      object: 'event',
      type: 'customer.created',
      livemode: false,
      created: 1,
      data: { object: {} },
    });
  const signature = (body: string, at: number, key = secret()): string =>
    `v1=${createHmac('sha256', key).update(`${at}.${body}`).digest('hex')}`;
  const now = () => Math.floor(Date.now() / 1_000);
  const deliver = (body: string, header?: string) =>
    postRaw(`${base}/webhooks/stripe`, body, header === undefined ? {} : { 'stripe-signature': header });

  it('is taken with a good signature, one of two while the secret changes', async () => {
    const [body, at] = [eventOf('evt_good'), now()];
    expect((await deliver(body, `t=${at},${signature(body, at)}`)).status).toBe(200);
    const rotating = `t=${at},${signature(body, at, 'whsec_next')},${signature(body, at)}`;
    expect((await deliver(body, rotating)).status).toBe(200);
  });

  it('is refused without one, with a forged or an old one, or when its body was changed', async () => {
    const [body, at] = [eventOf('evt_bad'), now()];
    const old = at - 3_600;
    const refused = [
      await deliver(body),
      await deliver(body, ''),
      await deliver(body, 'nonsense'),
      await deliver(body, `t=${at},${signature(body, at, 'whsec_other')}`),
      await deliver(body, `t=${old},${signature(body, old)}`),
      await deliver(body, `t=${at},${signature(body, old)}`),
      await deliver(`${body} `, `t=${at},${signature(body, at)}`),
      await deliver('no json', `t=${at},${signature('no json', at)}`),
      await deliver('{}', `t=${at},${signature('{}', at)}`),
      await deliver(body.replace('false', 'true'), `t=${at},${signature(body.replace('false', 'true'), at)}`),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 400));
  });

  it('is refused when it is too large', async () => {
    const body = 'x'.repeat(5 * MEGABYTE);
    expect((await deliver(body, `t=${now()},${signature(body, now())}`)).status).toBe(413);
  });
});
