import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@cartwright/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { renderNginxTemplate, startNginx } from './nginx.ts';
import { findOnPath } from './sources.ts';

const root = path.resolve(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..');
const installed = findOnPath('nginx', { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` }) !== undefined;

type Seen = { server: string; method: string; url: string; headers: http.IncomingHttpHeaders; body: string };
const seen: Seen[] = [];

/** A server that tells what it was asked, and talks back over WebSocket at /trpc. */
async function startUpstream(name: string) {
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ server: name, method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      if (request.url === '/trpc/cut') return void request.socket.destroy();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ server: name, long: 'x'.repeat(2000) }));
    });
  });
  const sockets = new WebSocketServer({ server, path: '/trpc' });
  sockets.on('connection', (socket, request) => {
    seen.push({ server: name, method: 'WS', url: request.url ?? '', headers: request.headers, body: '' });
    socket.on('message', (text) => socket.send(`${name}: ${String(text)}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `127.0.0.1:${port}`,
    stop: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Upstream = Awaited<ReturnType<typeof startUpstream>>;
let one: Upstream;
let two: Upstream;
let web: Upstream;
let nginx: Awaited<ReturnType<typeof startNginx>>;

describe.skipIf(!installed)('the nginx configuration', () => {
  beforeAll(async () => {
    [one, two, web] = await Promise.all([startUpstream('one'), startUpstream('two'), startUpstream('web')]);
    nginx = await startNginx({ root, port: await freePort(), api: [one.address, two.address], web: [web.address] });
  });
  afterAll(async () => {
    await nginx.stop();
    await Promise.all([one.stop(), two.stop(), web.stop()]);
  });
  beforeEach(() => seen.splice(0));

  it('spreads requests over the API instances', async () => {
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${nginx.url}/trpc/products.list?input=x`)));
    expect(new Set(seen.map(({ server }) => server))).toEqual(new Set(['one', 'two']));
  });

  it.each([
    ['/trpc/cart.get', true],
    ['/webhooks/stripe', true],
    ['/health/ready', true],
    ['/media/a.svg', true],
    ['/api/v1/products', true],
    ['/openapi.json', true],
    ['/.well-known/jwks.json', true],
    ['/admin/queues/', true],
    ['/', false],
    ['/admin', false],
    ['/admin/orders', false],
    ['/assets/index.js', false],
    ['/trpcx', false],
  ])('sends %s to the API: %s', async (url, toApi) => {
    const response = await fetch(`${nginx.url}${url}`);
    expect(response.status).toBe(200);
    expect(seen[0]?.server === 'web').toBe(!toApi);
    expect(seen[0]?.url).toBe(url);
  });

  it('keeps the metrics inside', async () => {
    expect((await fetch(`${nginx.url}/metrics`)).status).toBe(404);
    expect(seen).toEqual([]);
  });

  it('believes no forwarded header of a client and keeps its own headers', async () => {
    await fetch(`${nginx.url}/trpc/x`, {
      headers: {
        'x-forwarded-for': '6.6.6.6',
        'x-real-ip': '6.6.6.6',
        forwarded: 'for=6.6.6.6',
        'x-request-id': 'mine',
        'idempotency-key': 'key-0123456789abcdef',
        authorization: 'Bearer token',
      },
    });
    const headers = seen[0]?.headers;
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'idempotency-key': 'key-0123456789abcdef',
      authorization: 'Bearer token',
      host: new URL(nginx.url).host,
    });
    expect(headers?.forwarded).toBeUndefined();
    expect(headers?.['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('upgrades to WebSocket at /trpc, to the address with parameters too', async () => {
    for (const url of ['/trpc', '/trpc?connectionParams=1']) {
      const socket = new WebSocket(`${nginx.url.replace('http', 'ws')}${url}`);
      const answer = await new Promise<string>((resolve, reject) => {
        socket.once('open', () => socket.send('hello'));
        socket.once('message', (data) => resolve(String(data)));
        socket.once('error', reject);
      });
      expect(answer).toMatch(/^(one|two): hello$/);
      socket.close();
    }
    expect(seen.map(({ method }) => method)).toEqual(['WS', 'WS']);
  });

  it('passes webhook bodies through unchanged up to 1 MB and refuses more; elsewhere less', async () => {
    const post = (url: string, bytes: number) =>
      fetch(`${nginx.url}${url}`, { method: 'POST', body: 'é'.repeat(bytes / 2) }).then(({ status }) => status);
    expect(await post('/webhooks/stripe', 900 * 1024)).toBe(200);
    expect(seen[0]?.body).toBe('é'.repeat(450 * 1024));
    expect(await post('/webhooks/stripe', 5 * 1024 * 1024)).toBe(413);
    expect(await post('/trpc/cart.addItem', 200 * 1024)).toBe(200);
    expect(await post('/trpc/cart.addItem', 300 * 1024)).toBe(413);
    expect(await post('/anything', 100 * 1024)).toBe(413);
  });

  it('compresses, and logs neither addresses nor query strings', async () => {
    const response = await fetch(`${nginx.url}/trpc/x?input=secret`, { headers: { 'accept-encoding': 'gzip' } });
    await response.text();
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('server')).toBe('nginx');
    const lines = nginx.accessLog().trim().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
    expect(last).toMatchObject({ method: 'GET', path: '/trpc/x', status: 200 });
    expect(nginx.accessLog()).not.toContain('secret');
    expect(lines.every((line) => !('client' in (JSON.parse(line) as object)))).toBe(true);
  });

  it('never sends a mutation twice: when an instance dies over it, the client is told to try again', async () => {
    const response = await fetch(`${nginx.url}/trpc/cut`, { method: 'POST', body: '{}' });
    expect(seen.filter(({ url }) => url === '/trpc/cut')).toHaveLength(1);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toMatchObject({ error: { json: { data: { reason: 'SERVICE_UNAVAILABLE' } } } });
  });

  it('goes on with the other instance when one is gone, mutations included', async () => {
    await two.stop();
    await vi.waitFor(async () => {
      const statuses = await Promise.all(
        Array.from({ length: 12 }, () =>
          fetch(`${nginx.url}/trpc/x`, { method: 'POST', body: '{}' }).then((r) => r.status),
        ),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
    }, 10_000);
    await one.stop();
    const response = await fetch(`${nginx.url}/trpc/x`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { json: { data: { httpStatus: 503 } } } });
    expect((await fetch(`${nginx.url}/webhooks/stripe`, { method: 'POST', body: '{}' })).status).toBe(503);
    expect((await fetch(nginx.url)).status).toBe(200);
  });
});

describe('renderNginxTemplate', () => {
  it('fills in its own names and leaves those of nginx', () => {
    expect(renderNginxTemplate('${CARTWRIGHT_A} $host ${other}', { CARTWRIGHT_A: '1' })).toBe('1 $host ${other}');
    expect(() => renderNginxTemplate('${CARTWRIGHT_B}', {})).toThrow('CARTWRIGHT_B');
  });
});
