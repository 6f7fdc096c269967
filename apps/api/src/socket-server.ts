import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createSubscriptionLimits, toTRPCError, type RequestContext } from '@cartwright/api-core';
import type { AppRouter } from '@cartwright/app-router';
import type { Logger } from '@cartwright/platform-logger';
import { networkOf } from '@cartwright/platform-security';
import type { AnyTRPCRouter } from '@trpc/server';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { createOpenSockets, type OpenSocket, type SocketOwner } from './open-sockets.ts';
import { header } from './request-facts.ts';
import { socketLimits, type SocketLimits } from './socket-limits.ts';
import { createMessageCodec } from './socket-messages.ts';

const PATH = '/trpc';
const RETRY_SECONDS = 5;
const RECONNECT = JSON.stringify({ id: null, method: 'reconnect' });

/** What a socket brings when it opens. */
export interface SocketFacts {
  ip: string;
  country: string | undefined;
  userAgent: string;
  parameters: Readonly<Record<string, unknown>> | null;
  openSubscription: () => () => void;
  drained: () => Promise<void> | undefined;
}

export interface SocketServerOptions<R extends AnyTRPCRouter = AppRouter> {
  server: Server;
  router: R;
  addressOf: (request: IncomingMessage) => string;
  countryOf: (request: IncomingMessage) => string | undefined;
  createContext: (facts: SocketFacts) => RequestContext;
  /** Whom an access token stands for and when it ends; null for one that is not good. */
  readToken: (token: string) => Promise<SocketOwner | null>;
  allowedOrigins: readonly string[];
  logger: Logger;
  limits?: Partial<SocketLimits>;
}

/** Serves tRPC over WebSocket at the same path as HTTP. */
export function createSocketServer<R extends AnyTRPCRouter>(options: SocketServerOptions<R>) {
  const { server, router, addressOf, countryOf, createContext, readToken, allowedOrigins, logger } = options;
  const limits = { ...socketLimits, ...options.limits };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.payloadBytes,
    maxFragments: limits.fragments,
    // What is small when compressed can be huge; and compressing costs memory for each socket.
    perMessageDeflate: false,
    autoPong: false,
  });
  const origins = new Set(allowedOrigins);
  const open = createOpenSockets(limits);
  const subscriptions = createSubscriptionLimits();
  let stopping = false;

  server.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    const { origin } = request.headers;
    const ip = addressOf(request);
    const network = networkOf(ip);
    // Browsers always send an Origin; what sends none is no page and carries no cookies of one.
    if (!isAddressed(request)) refuse(wire, '400 Bad Request');
    else if (request.url?.split('?')[0] !== PATH) refuse(wire, '404 Not Found');
    else if (origin !== undefined && !origins.has(origin)) refuse(wire, '403 Forbidden');
    else if (stopping || open.refusalFor(network) === 'full') refuse(wire, '503 Service Unavailable');
    else if (open.refusalFor(network)) refuse(wire, '429 Too Many Requests');
    else {
      sockets.handleUpgrade(request, wire, head, (client) => serve(open.add(client, wire, network), request, ip));
    }
  });

  function serve(socket: OpenSocket, request: IncomingMessage, ip: string): void {
    const { client, network } = socket;
    const userAgent = header(request, 'user-agent') ?? '';
    const country = countryOf(request);
    client.on('error', (error) => logger.debug({ err: error }, 'socket error'));
    client.on('message', () => {
      socket.spoke = true;
      open.heard(socket);
    });
    client.on('ping', (data) => {
      if (open.heard(socket) && !isBusy(socket)) client.pong(data);
    });
    client.on('pong', () => void open.heard(socket));

    const connect = getWSConnectionHandler<R>({
      wss: sockets,
      router,
      experimental_encoder: createMessageCodec(client, limits, (count) => open.isWithinRate(socket, count)),
      createContext: async ({ info: { connectionParams: parameters } }) => {
        try {
          // Known by its session before its first call: a session that ends from now on ends it, too.
          const owner = parameters?.token ? await readToken(parameters.token) : null;
          if (owner) open.own(socket, owner);
          const openSubscription = subscriptions.ofSocket({
            perSocket: limits.subscriptions,
            ...(owner
              ? { owner: `user ${owner.userId}`, perOwner: limits.subscriptionsPerUser }
              : { owner: `network ${network}`, perOwner: limits.subscriptionsPerNetwork }),
          });
          return createContext({ ip, country, userAgent, parameters, openSubscription, drained: drainedOf(socket) });
        } catch (error) {
          throw toTRPCError(error);
        }
      },
    });
    connect(client, request);
    // The request lives as long as its socket: what nobody reads any more is let go.
    request.rawHeaders.length = 0;
    request.headers = {};
  }

  const isBusy = ({ wire }: OpenSocket): boolean => wire.writableLength >= limits.drainBytes;

  /** All subscriptions of a socket wait for the same. */
  function drainedOf(socket: OpenSocket): () => Promise<void> | undefined {
    let draining: Promise<void> | undefined;
    return () => {
      if (!isBusy(socket)) return undefined;
      draining ??= new Promise((resolve) => {
        const { wire } = socket;
        const done = (): void => {
          draining = undefined;
          wire.off('drain', done);
          wire.off('close', done);
          resolve();
        };
        wire.on('drain', done);
        wire.on('close', done);
      });
      return draining;
    };
  }

  return {
    endSession: open.endSession,
    endUser: open.endUser,
    reauthenticateAll: open.reauthenticateAll,

    /** Tells clients to reconnect elsewhere, a few at a time, then closes their sockets. */
    async close(graceMs: number): Promise<void> {
      stopping = true;
      await open.sendAway(RECONNECT, graceMs);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

/** Whether the request's Host and path make up an address, as all that follows takes for granted. */
const isAddressed = ({ url, headers }: IncomingMessage): boolean =>
  url !== undefined && URL.canParse(url, `http://${headers.host ?? 'localhost'}`);

/**
 * Answers on a connection that nobody listens to any more: an error of it must not end the process, and nobody would
 * notice that the client, or that it doesn't, hangs up.
 */
function refuse(wire: Duplex, status: string): void {
  wire.on('error', () => wire.destroy());
  wire.once('finish', () => wire.destroy());
  const later = status.startsWith('429') || status.startsWith('503') ? `Retry-After: ${RETRY_SECONDS}\r\n` : '';
  wire.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${later}Content-Length: 0\r\n\r\n`);
}
