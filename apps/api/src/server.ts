import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Composition } from '@cartwright/composition';
import { createClientAddress } from './client-address.ts';
import { createHttpContext, createSocketContext } from './context.ts';
import { createHttpApp } from './http-app.ts';
import { createSocketServer } from './socket-server.ts';

/** How long running requests may take to end when the server stops. */
const DRAIN_MS = 10_000;
const SOCKET_GRACE_MS = 2_000;

export interface ApiServer {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Not ready any more, sockets sent elsewhere, running requests ended, then closed. */
  close(): Promise<void>;
}

/** Serves a composed shop over HTTP and WebSocket. */
export async function startApiServer(shop: Composition): Promise<ApiServer> {
  const { config, logger, router } = shop;
  let stopping = false;
  const addressOf = createClientAddress(config.http.trustedProxies);
  const facts = { addressOf, authenticate: shop.authenticate, logger };
  const app = createHttpApp({
    router,
    createContext: createHttpContext(facts),
    payments: shop.payments,
    readiness: shop.readiness,
    metrics: shop.metrics,
    publicKeys: shop.publicKeys,
    allowedOrigins: config.http.allowedOrigins,
    mediaDir: config.media.dir,
    isStopping: () => stopping,
    logger,
  });
  const server = createServer(app);
  // Longer than a proxy keeps idle connections, so that it never sends a request into a closing one.
  server.keepAliveTimeout = 75_000;
  const sockets = createSocketServer({
    server,
    router,
    createContext: createSocketContext(facts),
    readToken: shop.readToken,
    allowedOrigins: config.http.allowedOrigins,
    logger,
  });
  const sessions = await shop.watchSessions({ onEnded: sockets.endSession, onGap: sockets.reauthenticateAll });
  try {
    await listen(server, config.http);
  } catch (error) {
    sessions.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${config.http.host}:${port}`,
    close: async () => {
      stopping = true;
      await sockets.close(SOCKET_GRACE_MS);
      sessions.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
