import { collectingAudit } from '@cartwright/testkit';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { publicProcedure, router, type RequestContext } from '@cartwright/api-core';
import { tracked, type TrackedEnvelope } from '@trpc/server';
import { createSilentLogger } from '@cartwright/platform-logger';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { SocketLimits } from './socket-limits.ts';
import { createSocketServer } from './socket-server.ts';

const ORIGIN = 'https://shop.test';
const logger = createSilentLogger();
let waiting: (() => void)[] = [];
let running = 0;

const app = router({
  echo: publicProcedure.input(z.string()).query(({ input }) => input),
  wait: publicProcedure.input(z.string()).query(async () => {
    running += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return 'done';
  }),
  flood: publicProcedure.subscription(() => flood()),
  // As a feed does it: nothing more while the client has much left to read.
  patient: publicProcedure.subscription(({ ctx }) => patient(ctx.drained)),
  idle: publicProcedure.subscription(({ signal }) => silence(signal)),
});

async function* flood(): AsyncGenerator<TrackedEnvelope<string>> {
  for (let id = 0; ; id += 1) {
    yield tracked(String(id), 'x'.repeat(50_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

let patientBytes = 0;
async function* patient(drained: RequestContext['drained']): AsyncGenerator<TrackedEnvelope<string>> {
  for (let id = 0; ; id += 1) {
    await drained?.();
    patientBytes += 50_000;
    yield tracked(String(id), 'x'.repeat(50_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function* silence(signal: AbortSignal | undefined): AsyncGenerator<TrackedEnvelope<string>> {
  await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
}

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const resolve of waiting) resolve();
  [waiting, running, patientBytes] = [[], 0, 0];
  for (const step of cleanup.splice(0)) await step();
});

async function start(limits: Partial<SocketLimits> = {}, tokenMs = 60_000) {
  const server = createServer();
  const sockets = createSocketServer({
    server,
    router: app,
    addressOf: (request) => request.socket.remoteAddress ?? '',
    createContext: ({ ip, openSubscription, drained }) => ({
      requestId: 'r1',
      ip,
      userAgent: '',
      transport: 'ws',
      openSubscription,
      drained,
      authenticate: () => Promise.resolve(null),
      audit: collectingAudit(),
      logger,
    }),
    readToken: (token) =>
      Promise.resolve(
        token.startsWith('good') ? { sessionId: token, userId: 'u1', expiresAt: new Date(Date.now() + tokenMs) } : null,
      ),
    allowedOrigins: [ORIGIN],
    logger,
    limits: { closeMs: 200, sweepMs: 20, ...limits },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  cleanup.push(async () => {
    await sockets.close(50);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  return { sockets, port, connections };
}

type Reply = { id: number | null; result?: { type: string; data?: unknown }; error?: { json: { data: object } } };

/** A bare socket: what it was answered, and how it was closed. */
async function open(port: number, { token, origin }: { token?: string; origin?: string } = {}) {
  const query = token === undefined ? '' : '?connectionParams=1';
  const client = new WebSocket(`ws://127.0.0.1:${port}/trpc${query}`, origin === undefined ? {} : { origin });
  const replies: Reply[] = [];
  const closed = new Promise<number>((resolve) => client.once('close', resolve));
  client.on('message', (data) => replies.push(JSON.parse(String(data)) as Reply));
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  client.on('error', () => undefined);
  if (token !== undefined) client.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  const call = (id: number, method: string, path: string, input?: unknown): void =>
    client.send(JSON.stringify({ id, method, params: { path, input: { json: input ?? null } } }));
  return { client, replies, closed, call, ids: () => replies.map(({ id }) => id) };
}

/** Proves that the server is alive and answers soon. */
async function expectAlive(port: number): Promise<void> {
  const probe = await open(port);
  const before = performance.now();
  probe.call(1, 'query', 'echo', 'still here');
  await expect.poll(() => probe.replies[0]?.result?.data).toEqual({ json: 'still here' });
  expect(performance.now() - before).toBeLessThan(2_000);
  probe.client.terminate();
}

describe('opening a socket', () => {
  it('is refused to foreign origins, at the upgrade', async () => {
    const { port } = await start();
    await expect(open(port, { origin: 'https://evil.test' })).rejects.toThrow('403');
    expect((await open(port, { origin: ORIGIN })).client.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ['a Host that is none', 'GET /trpc HTTP/1.1\r\nHost: [\r\n', '400'],
    ['another path', 'GET /elsewhere HTTP/1.1\r\nHost: x\r\n', '404'],
  ])('is refused for %s, without harm', async (_, head, status) => {
    const { port } = await start();
    const key =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head}${key}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain(`HTTP/1.1 ${status}`);
    socket.resetAndDestroy();
    await expectAlive(port);
  });

  it('ends when nothing is said for too long', async () => {
    const { port } = await start({ handshakeMs: 50 });
    expect(await (await open(port)).closed).toBe(1008);
  });
});

describe('messages', () => {
  it.each([
    ['no JSON', '{"id":1,'],
    ['null', 'null'],
    ['a list of nulls', '[null,1,"x"]'],
    ['a call without parameters', '{"id":1,"method":"query"}'],
    ['an unknown method', '{"id":1,"method":"__proto__","params":{"path":"echo"}}'],
    [
      'too many calls',
      JSON.stringify(Array.from({ length: 21 }, (_, id) => ({ id, method: 'query', params: { path: 'echo' } }))),
    ],
  ])('that are %s are refused', async (_, message) => {
    const { port } = await start();
    const { client, replies, ids, call } = await open(port);
    client.send(message);
    await expect.poll(ids).toEqual([null]);
    expect(replies[0]?.error?.json.data).toMatchObject({ httpStatus: 400, reason: 'INVALID_INPUT' });
    call(2, 'query', 'echo', 'x');
    await expect.poll(ids).toEqual([null, 2]);
  });

  it('of 100,000 calls end the socket and nothing else', async () => {
    const { port } = await start();
    const { client, closed } = await open(port);
    client.send(
      JSON.stringify(Array.from({ length: 100_000 }, (_, id) => ({ id, method: 'query', params: { path: 'echo' } }))),
    );
    expect(await closed).toBe(1009);
    await expectAlive(port);
  });

  it('in a flood leave room for others', async () => {
    const { port } = await start();
    const { client } = await open(port);
    for (let index = 0; index < 20_000; index += 1) client.send('{"id":');
    await expectAlive(port);
    client.terminate();
  });

  it('wait while too many calls are under way, and are all answered', async () => {
    const { port } = await start({ pendingCalls: 10 });
    const { call, ids } = await open(port);
    const padding = 'x'.repeat(60_000);
    for (let id = 0; id < 60; id += 1) call(id, 'query', 'wait', padding);
    await expectAlive(port);
    expect(running).toBeGreaterThanOrEqual(10);
    expect(running).toBeLessThan(20);
    await expect
      .poll(() => {
        for (const resolve of waiting.splice(0)) resolve();
        return ids().length;
      })
      .toBe(60);
  });
});

describe('subscriptions', () => {
  it('beyond the limit of a socket are refused, and let in again when others end', async () => {
    const { port } = await start({ subscriptions: 3 });
    const { client, call, replies } = await open(port);
    const refused = () => replies.filter(({ error }) => error).map(({ id }) => id);
    for (let id = 1; id <= 5; id += 1) call(id, 'subscription', 'idle');
    await expect.poll(refused).toEqual([4, 5]);
    expect(replies.find(({ error }) => error)?.error?.json.data).toMatchObject({ reason: 'RATE_LIMITED' });
    client.send(JSON.stringify({ id: 1, method: 'subscription.stop' }));
    await expect.poll(() => replies.some(({ id, result }) => id === 1 && result?.type === 'stopped')).toBe(true);
    call(6, 'subscription', 'idle');
    call(7, 'subscription', 'idle');
    await expect.poll(refused).toEqual([4, 5, 7]);
  });

  it('that nobody reads are cut', async () => {
    const { port, connections } = await start();
    const { client, call, closed, replies } = await open(port);
    call(1, 'subscription', 'flood');
    await expect.poll(() => replies.length).toBeGreaterThan(1);
    client.pause();
    await expect.poll(connections).toBe(0);
    client.resume();
    expect(await closed).toBe(1006);
  });
});

describe('sockets of a session', () => {
  const ready = async (port: number, token?: string) => {
    const socket = await open(port, token === undefined ? {} : { token });
    socket.call(1, 'query', 'echo', 'x');
    await expect.poll(socket.ids).toEqual([1]);
    return socket;
  };

  it('are closed with it, and no others', async () => {
    const { port, sockets } = await start();
    const [first, second, other] = await Promise.all([
      ready(port, 'good1'),
      ready(port, 'good1'),
      ready(port, 'good2'),
    ]);
    sockets.endSession('good1');
    expect(await Promise.all([first.closed, second.closed])).toEqual([4401, 4401]);
    expect(other.client.readyState).toBe(WebSocket.OPEN);
  });

  it('are all closed when ends may have been missed; guests stay', async () => {
    const { port, sockets } = await start();
    const [mine, guest] = await Promise.all([ready(port, 'good1'), ready(port)]);
    sockets.reauthenticateAll();
    expect(await mine.closed).toBe(4401);
    expect(guest.client.readyState).toBe(WebSocket.OPEN);
  });

  it('are closed when the token ends', async () => {
    const { port } = await start({}, 300);
    expect(await (await ready(port, 'good1')).closed).toBe(4401);
  });

  it('are cut when the client does not answer the closing', async () => {
    const { port, sockets, connections } = await start();
    const { client } = await ready(port, 'good1');
    client.pause();
    sockets.endSession('good1');
    await expect.poll(connections).toBe(0);
    client.terminate();
  });
});

/** A connection spoken to in bare frames; what it is answered, as text. */
async function openWire(
  port: number,
  extra = '',
): Promise<{ wire: Socket; heard: () => string; ended: Promise<void> }> {
  const wire = connect(port, '127.0.0.1');
  let text = '';
  wire.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  wire.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => wire.once('close', () => resolve()));
  wire.write(
    'GET /trpc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${extra}\r\n`,
  );
  await expect.poll(() => text).toContain('\r\n\r\n');
  return { wire, heard: () => text, ended };
}

/** A masked frame with an empty mask. */
const frame = (first: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);

describe('a process', () => {
  it('takes so many sockets, and so many of one network; others are told to come later', async () => {
    const full = await start({ sockets: 2 });
    await Promise.all([open(full.port), open(full.port)]);
    await expect(open(full.port)).rejects.toThrow('503');
    const crowded = await start({ socketsPerNetwork: 2 });
    const [first] = await Promise.all([open(crowded.port), open(crowded.port)]);
    await expect(open(crowded.port)).rejects.toThrow('429');
    first?.client.terminate();
    await expect.poll(() => open(crowded.port).then(() => 'open', String)).toBe('open');
  });

  it('counts the subscriptions of guests by network, over all of their sockets', async () => {
    const { port } = await start({ subscriptionsPerNetwork: 2 });
    const [first, second] = await Promise.all([open(port), open(port)]);
    first?.call(1, 'subscription', 'idle');
    second?.call(1, 'subscription', 'idle');
    await expect.poll(() => [first?.ids(), second?.ids()]).toEqual([[1], [1]]);
    second?.call(2, 'subscription', 'idle');
    await expect
      .poll(() => second?.replies.find(({ error }) => error)?.error?.json.data)
      .toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('sends its clients away one after the other when it stops', async () => {
    const { port, sockets } = await start({ spreadMs: 300, closeMs: 50 });
    const count = 60;
    const clients = await Promise.all(Array.from({ length: count }, () => open(port)));
    const told: number[] = [];
    for (const { client } of clients) client.once('message', () => told.push(performance.now()));
    await sockets.close(20);
    expect(told).toHaveLength(count);
    expect(Math.max(...told) - Math.min(...told)).toBeGreaterThan(count / 2);
    expect(clients.every(({ replies }) => (replies[0] as { method?: string }).method === 'reconnect')).toBe(true);
  });
});

describe('a hostile client', () => {
  it('gets no compression: small frames that grow huge are refused', async () => {
    const { port } = await start();
    const { wire, heard, ended } = await openWire(port, 'Sec-WebSocket-Extensions: permessage-deflate\r\n');
    expect(heard()).not.toContain('permessage-deflate');
    wire.write(frame(0x80 | 0x40 | 0x1, Buffer.from('x')));
    await ended;
    await expectAlive(port);
  });

  it('can not keep a message in pieces for ever', async () => {
    const { port } = await start({ fragments: 8 });
    const { wire, ended } = await openWire(port);
    wire.write(frame(0x1, Buffer.from('{')));
    for (let count = 0; count < 8; count += 1) wire.write(frame(0x0, Buffer.from(' ')));
    await ended;
    await expectAlive(port);
  });

  it('that floods with pings is closed', async () => {
    const { port } = await start({ messagesPerSecond: 50 });
    const { client, closed } = await open(port);
    for (let count = 0; count < 200; count += 1) client.ping();
    expect(await closed).toBe(1008);
  });

  it('that floods with messages is closed', async () => {
    const { port } = await start({ messagesPerSecond: 50 });
    const { client, closed } = await open(port);
    for (let count = 0; count < 200; count += 1) client.send('{"id":');
    expect(await closed).toBe(1008);
  });

  it('that is being closed gets no more calls done', async () => {
    const { port } = await start({ messagesPerSecond: 50, pendingCalls: 10_000 });
    const { call, closed } = await open(port);
    for (let id = 0; id < 500; id += 1) call(id, 'query', 'wait', 'x');
    expect(await closed).toBe(1008);
    expect(running).toBe(50);
  });

  it('that falls silent is cut, and one that answers is not', async () => {
    const { port, connections } = await start({ pingMs: 60, pongMs: 60 });
    const [quiet, alive] = await Promise.all([open(port), open(port)]);
    for (const { call } of [quiet, alive]) call(1, 'query', 'echo', 'x');
    await expect.poll(() => [quiet.ids(), alive.ids()]).toEqual([[1], [1]]);
    quiet.client.pause();
    await expect.poll(connections).toBe(1);
    expect(alive.client.readyState).toBe(WebSocket.OPEN);
    quiet.client.terminate();
  });

  it('that leaves its subscriptions unread is waited for, then cut', async () => {
    const { port, connections } = await start({ drainBytes: 64 * 1024, stallMs: 100 });
    const { client, call, replies } = await open(port);
    call(1, 'subscription', 'patient');
    await expect.poll(() => replies.length).toBeGreaterThan(1);
    client.pause();
    await expect.poll(connections).toBe(0);
    expect(patientBytes).toBeLessThan(16 * 1024 * 1024);
    client.terminate();
  });
});

describe('a client that comes back', () => {
  it('may send as many subscriptions in one message as a socket may have', async () => {
    const { port } = await start({ subscriptions: 30, batchSize: 5 });
    const { client, ids } = await open(port);
    const calls = (count: number) =>
      Array.from({ length: count }, (_, id) => ({ id: id + 1, method: 'subscription', params: { path: 'idle' } }));
    client.send(JSON.stringify(calls(30)));
    await expect.poll(() => ids().length).toBe(30);
    client.send(JSON.stringify(calls(31)));
    await expect.poll(() => ids().at(-1)).toBe(null);
  });
});

describe('sockets of a user', () => {
  it('are closed whatever their sessions', async () => {
    const { port, sockets } = await start();
    const both = await Promise.all([open(port, { token: 'good1' }), open(port, { token: 'good2' })]);
    for (const { call } of both) call(1, 'query', 'echo', 'x');
    await expect.poll(() => both.map(({ ids }) => ids())).toEqual([[1], [1]]);
    sockets.endUser('u1');
    expect(await Promise.all(both.map(({ closed }) => closed))).toEqual([4401, 4401]);
  });
});
