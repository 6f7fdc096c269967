import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { publicProcedure, router, type RequestContext } from '@cartwright/api-core';
import { createSilentLogger } from '@cartwright/platform-logger';
import { collectingAudit } from '@cartwright/testkit';
import { tracked, type TrackedEnvelope } from '@trpc/server';
import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { SocketLimits } from './socket-limits.ts';
import { createSocketServer } from './socket-server.ts';

// They wait for real connections, on machines that may be busy.
vi.setConfig({ testTimeout: 20_000 });

export const ORIGIN = 'https://shop.test';
/** What `flood` and `patient` send at a time. */
export const CHUNK_BYTES = 50_000;

interface Calls {
  /** How to end the `wait` calls under way. */
  waiting: (() => void)[];
  started: number;
  following: number;
  mostFollowing: number;
  mostBuffered: number;
}

/** Procedures that note what they were made to do. `buffered` tells how much waits to be read by clients. */
function createRouter(calls: Calls, buffered: () => number) {
  const chunk = (id: number): TrackedEnvelope<string> => {
    calls.mostBuffered = Math.max(calls.mostBuffered, buffered());
    return tracked(String(id), 'x'.repeat(CHUNK_BYTES));
  };
  async function* stream(drained?: RequestContext['drained']): AsyncGenerator<TrackedEnvelope<string>> {
    for (let id = 0; ; id += 1) {
      await drained?.();
      yield chunk(id);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  async function* silence(signal: AbortSignal | undefined): AsyncGenerator<TrackedEnvelope<string>> {
    calls.following += 1;
    calls.mostFollowing = Math.max(calls.mostFollowing, calls.following);
    await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
    calls.following -= 1;
  }
  return router({
    echo: publicProcedure.input(z.string()).query(({ input }) => input),
    wait: publicProcedure.input(z.string()).query(async () => {
      calls.started += 1;
      await new Promise<void>((resolve) => calls.waiting.push(resolve));
      return 'done';
    }),
    flood: publicProcedure.subscription(() => stream()),
    // As a feed does it: nothing more while the client has much left to read.
    patient: publicProcedure.subscription(({ ctx }) => stream(ctx.drained)),
    idle: publicProcedure.subscription(({ signal }) => silence(signal)),
  });
}

/** A server of sockets. Tokens that begin with `good` are sessions of the user u1. */
export async function startSockets(limits: Partial<SocketLimits> = {}, tokenMs = 60_000) {
  const server = createServer();
  const logger = createSilentLogger();
  const calls: Calls = { waiting: [], started: 0, following: 0, mostFollowing: 0, mostBuffered: 0 };
  const wires = new Set<Duplex>();
  const buffered = (): number => [...wires].reduce((sum, { writableLength }) => sum + writableLength, 0);
  const sockets = createSocketServer({
    server,
    router: createRouter(calls, buffered),
    addressOf: (request) => request.socket.remoteAddress ?? '',
    countryOf: () => undefined,
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
    // Whatever isn't tried takes longer than any test: no guard stands in for another.
    limits: { closeMs: 200, sweepMs: 20, handshakeMs: 60_000, pingMs: 60_000, stallMs: 60_000, ...limits },
  });
  server.on('upgrade', (_request, wire: Duplex) => {
    wires.add(wire);
    wire.once('close', () => wires.delete(wire));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    sockets,
    calls,
    buffered,
    /** From now on the network takes nothing: what is sent piles up. */
    hold: (): void => {
      for (const wire of wires) wire.cork();
    },
    port: (server.address() as AddressInfo).port,
    connections: () => wires.size,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      for (const resolve of calls.waiting) resolve();
      await sockets.close(50);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Reply = { id: number | null; result?: { type: string; data?: unknown }; error?: { json: { data: object } } };

/** A bare socket: what it was answered, and how it was closed. */
export async function openSocket(port: number, { token, origin }: { token?: string; origin?: string } = {}) {
  const query = token === undefined ? '' : '?connectionParams=1';
  const client = new WebSocket(`ws://127.0.0.1:${port}/trpc${query}`, origin === undefined ? {} : { origin });
  const replies: Reply[] = [];
  const closed = new Promise<number>((resolve) => client.once('close', resolve));
  client.on('message', (data) => replies.push(JSON.parse(String(data)) as Reply));
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  client.on('error', () => undefined);
  if (token !== undefined) client.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  return {
    client,
    replies,
    closed,
    call: (id: number, method: string, path: string, input?: unknown): void =>
      client.send(JSON.stringify({ id, method, params: { path, input: { json: input ?? null } } })),
    ids: () => replies.map(({ id }) => id),
    refused: () => replies.filter(({ error }) => error).map(({ id }) => id),
  };
}

/** Proves that the server is alive and answers. */
export async function expectAlive(port: number): Promise<void> {
  const probe = await openSocket(port);
  probe.call(1, 'query', 'echo', 'still here');
  await expect.poll(() => probe.replies[0]?.result?.data).toEqual({ json: 'still here' });
  probe.client.terminate();
}

/** A connection spoken to in bare frames; what it is answered, as text. */
export async function openWire(
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
export const frame = (first: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
