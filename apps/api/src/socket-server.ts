import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_BATCH_SIZE, type RequestContext } from '@cartwright/api-core';
import type { AppRouter } from '@cartwright/app-router';
import type { Logger } from '@cartwright/platform-logger';
import { applyWSSHandler, jsonEncoder, type Encoder } from '@trpc/server/adapters/ws';
import { WebSocketServer, type WebSocket } from 'ws';

const PATH = '/trpc';
const MAX_PAYLOAD_BYTES = 128 * 1024;
/** How long a new socket may stay silent before it says who it is. */
const HANDSHAKE_MS = 10_000;
const PING_MS = 30_000;
const PONG_WAIT_MS = 10_000;
/** What a slow reader may leave unread before it is cut. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const CLOSE = { tokenExpired: 4401, goingAway: 1001, policy: 1008 } as const;

export interface SocketServerOptions {
  server: Server;
  router: AppRouter;
  createContext: (request: IncomingMessage, parameters: Readonly<Record<string, unknown>> | null) => RequestContext;
  /** When an access token ends, in milliseconds since 1970; null for one that is not good. */
  tokenExpiry: (token: string) => Promise<number | null>;
  allowedOrigins: readonly string[];
  logger: Logger;
}

/** Serves tRPC over WebSocket at the same path as HTTP. */
export function createSocketServer(options: SocketServerOptions) {
  const { server, router, createContext, tokenExpiry, allowedOrigins, logger } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD_BYTES });
  const origins = new Set(allowedOrigins);
  let stopping = false;

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origin } = request.headers;
    const [path] = (request.url ?? '').split('?');
    // Browsers always send an Origin; what sends none is no page and carries no cookies of one.
    if (path !== PATH) refuse(socket, '404 Not Found');
    else if (origin !== undefined && !origins.has(origin)) refuse(socket, '403 Forbidden');
    else if (stopping) refuse(socket, '503 Service Unavailable');
    else sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  }
  server.on('upgrade', onUpgrade);

  sockets.on('connection', (client: WebSocket) => {
    const silent = setTimeout(() => client.close(CLOSE.policy, 'No message'), HANDSHAKE_MS);
    client.once('message', () => clearTimeout(silent));
    client.once('close', () => clearTimeout(silent));
    client.on('error', (error) => logger.debug({ err: error }, 'socket error'));
  });

  const handler = applyWSSHandler<AppRouter>({
    wss: sockets,
    router,
    keepAlive: { enabled: true, pingMs: PING_MS, pongWaitMs: PONG_WAIT_MS },
    experimental_encoder: boundedEncoder,
    createContext: ({ req, res, info }) => {
      const parameters = info.connectionParams;
      void closeAtExpiry(res, parameters?.token);
      return createContext(req, parameters);
    },
  });

  async function closeAtExpiry(client: WebSocket, token: string | undefined): Promise<void> {
    if (token === undefined) return;
    const expiry = await tokenExpiry(token);
    if (expiry === null || client.readyState !== client.OPEN) return;
    const timer = setTimeout(() => client.close(CLOSE.tokenExpired, 'Token expired'), Math.max(0, expiry - Date.now()));
    client.once('close', () => clearTimeout(timer));
  }

  /** A reader that does not read must not fill the memory: it is cut, and resumes from its last event. */
  const watch = setInterval(() => {
    for (const client of sockets.clients) if (client.bufferedAmount > MAX_BUFFERED_BYTES) client.terminate();
  }, 1_000);
  watch.unref();

  return {
    /** Tells clients to reconnect elsewhere, then closes their sockets. */
    async close(graceMs: number): Promise<void> {
      stopping = true;
      clearInterval(watch);
      handler.broadcastReconnectNotification();
      for (const client of sockets.clients) client.close(CLOSE.goingAway, 'Restarting');
      const cut = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, graceMs);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      clearTimeout(cut);
    },
  };
}

/** JSON with a bound on the calls in one message. */
const boundedEncoder: Encoder = {
  encode: (data) => jsonEncoder.encode(data),
  decode: (data) => {
    const message = jsonEncoder.decode(data);
    if (Array.isArray(message) && message.length > MAX_BATCH_SIZE) throw new Error('Too many calls in one message');
    return message;
  },
};

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
