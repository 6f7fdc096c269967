import { createServer, type Server } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import type { Composition } from '@cartwright/composition';
import { createClientAddress, createClientCountry } from './client-address.ts';
import { createHttpContext, createSocketContext } from './context.ts';
import { createHttpApp, secureHeaders } from './http-app.ts';
import { createAnswers } from './public-reads/answers.ts';
import { countLookups, measureAnswers } from './public-reads/observe-answers.ts';
import { createPublicReads } from './public-reads/public-reads.ts';
import { createSharedAnswers } from './public-reads/shared-answers.ts';
import { createSocketServer } from './socket-server.ts';

/** How long running requests may take to end when the server stops. */
const DRAIN_MS = 10_000;
const SOCKET_GRACE_MS = 2_000;
/** How long a connection without a request stays open then; one may be on its way. */
const IDLE_GRACE_MS = 400;

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
  const countryOf = createClientCountry(config.http);
  const facts = { addressOf, countryOf, authenticate: shop.authenticate, audit: shop.audit, logger };
  const app = createHttpApp({
    router,
    createContext: createHttpContext(facts),
    payments: shop.payments,
    readiness: shop.readiness,
    board: shop.board,
    publicUrl: config.http.publicUrl,
    metrics: shop.metrics,
    publicKeys: shop.publicKeys,
    downloadPersonalData: shop.downloadPersonalData,
    addressOf,
    allowedOrigins: config.http.allowedOrigins,
    mediaDir: config.media.dir,
    isStopping: () => stopping,
    logger,
  });
  const answers = createAnswers({
    watch: shop.watchCatalog,
    shared: createSharedAnswers({ redis: shop.cache, logger }),
    onLookup: countLookups(shop.telemetry),
  });
  measureAnswers(shop.telemetry, answers);
  const answerPublicRead = createPublicReads({
    ...{ router, answers, logger },
    createContext: createHttpContext(facts),
    allowedOrigins: config.http.allowedOrigins,
    secureHeaders: secureHeaders(),
  });
  const server = createServer((request, response) => answerPublicRead(request, response, () => app(request, response)));
  // Longer than a proxy keeps idle connections, so that it never sends a request into a closing one.
  server.keepAliveTimeout = 75_000;
  server.prependListener('request', (_request, response) => {
    if (stopping) response.setHeader('Connection', 'close');
  });
  const sockets = createSocketServer({
    server,
    router,
    addressOf,
    countryOf,
    createContext: createSocketContext(facts),
    readToken: shop.readToken,
    allowedOrigins: config.http.allowedOrigins,
    limits: config.http.sockets,
    logger,
  });
  const sessions = await shop.watchSessions({ onEnded: sockets.endSession, onGap: sockets.reauthenticateAll });
  try {
    await listen(server, config.http);
  } catch (error) {
    sessions.close();
    answers.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${config.http.host}:${port}`,
    close: async () => {
      stopping = true;
      await sockets.close(SOCKET_GRACE_MS);
      sessions.close();
      await drain(server);
      answers.close();
    },
  };
}

/**
 * Stops listening and lets every request end that is on its way. `server.close()` would at once cut connections on which
 * no request has been read yet, also those that a proxy has just opened, or is just using again, for one; so here they
 * get a moment first. Right after the event loop has looked for new connections the least of them are still waiting to
 * be accepted, and those would be refused.
 */
async function drain(server: Server): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  const closeIdle = setInterval(() => server.closeIdleConnections(), IDLE_GRACE_MS);
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(closeIdle);
  clearTimeout(cut);
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
