import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { limitSubscriptions, toTRPCError, type RequestContext } from '@cartwright/api-core';
import type { AppRouter } from '@cartwright/app-router';
import type { Logger } from '@cartwright/platform-logger';
import type { AnyTRPCRouter } from '@trpc/server';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { CLOSE, closeSocket, createOpenSockets } from './open-sockets.ts';
import { socketLimits, type SocketLimits } from './socket-limits.ts';
import { createMessageCodec } from './socket-messages.ts';

const PATH = '/trpc';
const KEEP_ALIVE = { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 };
const RECONNECT = JSON.stringify({ id: null, method: 'reconnect' });

/** What a socket brings when it opens. */
export interface SocketFacts {
  request: IncomingMessage;
  parameters: Readonly<Record<string, unknown>> | null;
  openSubscription: () => () => void;
}

export interface SocketServerOptions<R extends AnyTRPCRouter = AppRouter> {
  server: Server;
  router: R;
  createContext: (facts: SocketFacts) => RequestContext;
  /** The session an access token stands for and when it ends; null for one that is not good. */
  readToken: (token: string) => Promise<{ sessionId: string; expiresAt: Date } | null>;
  allowedOrigins: readonly string[];
  logger: Logger;
  limits?: Partial<SocketLimits>;
}

/** Serves tRPC over WebSocket at the same path as HTTP. */
export function createSocketServer<R extends AnyTRPCRouter>(options: SocketServerOptions<R>) {
  const { server, router, createContext, readToken, allowedOrigins, logger } = options;
  const limits = { ...socketLimits, ...options.limits };
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.payloadBytes });
  const origins = new Set(allowedOrigins);
  const open = createOpenSockets({ graceMs: limits.closeMs });
  let stopping = false;

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { origin } = request.headers;
    // Browsers always send an Origin; what sends none is no page and carries no cookies of one.
    if (!isAddressed(request)) refuse(socket, '400 Bad Request');
    else if (request.url?.split('?')[0] !== PATH) refuse(socket, '404 Not Found');
    else if (origin !== undefined && !origins.has(origin)) refuse(socket, '403 Forbidden');
    else if (stopping) refuse(socket, '503 Service Unavailable');
    else sockets.handleUpgrade(request, socket, head, (client) => serve(client, request));
  });

  function serve(client: WebSocket, request: IncomingMessage): void {
    const silent = setTimeout(
      () => closeSocket(client, { code: CLOSE.policy, reason: 'No message', graceMs: limits.closeMs }),
      limits.handshakeMs,
    );
    client.once('message', () => clearTimeout(silent));
    client.once('close', () => clearTimeout(silent));
    client.on('error', (error) => logger.debug({ err: error }, 'socket error'));

    const openSubscription = limitSubscriptions(limits.subscriptions);
    const connect = getWSConnectionHandler<R>({
      wss: sockets,
      router,
      keepAlive: KEEP_ALIVE,
      experimental_encoder: createMessageCodec(client, limits),
      createContext: async ({ info: { connectionParams: parameters } }) => {
        try {
          // Known by its session before its first call: a session that ends from now on ends it, too.
          const token = parameters?.token ? await readToken(parameters.token) : null;
          if (token) open.add(client, token);
          return createContext({ request, parameters, openSubscription });
        } catch (error) {
          throw toTRPCError(error);
        }
      },
    });
    connect(client, request);
  }

  return {
    endSession: open.endSession,
    reauthenticateAll: open.reauthenticateAll,

    /** Tells clients to reconnect elsewhere, then closes their sockets. */
    async close(graceMs: number): Promise<void> {
      stopping = true;
      for (const client of sockets.clients) {
        if (client.readyState === client.OPEN) client.send(RECONNECT);
        closeSocket(client, { code: CLOSE.goingAway, reason: 'Restarting', graceMs });
      }
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

/** Whether the request's Host and path make up an address, as all that follows takes for granted. */
const isAddressed = ({ url, headers }: IncomingMessage): boolean =>
  url !== undefined && URL.canParse(url, `http://${headers.host ?? 'localhost'}`);

/** Answers on a socket that nobody listens to any more: an error of it must not end the process. */
function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
