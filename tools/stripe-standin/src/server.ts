import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createControlApi } from './control/control-api.ts';
import type { Context } from './core/context.ts';
import { createStore } from './core/store.ts';
import { createTimekeeper } from './core/timekeeper.ts';
import { createApiHandler } from './http/api-handler.ts';
import { createFaults } from './http/faults.ts';
import { createIdempotency } from './http/idempotency.ts';
import { sendJson } from './http/messages.ts';
import { createHostedPages } from './pages/hosted-pages.ts';
import { createDispatcher } from './webhooks/dispatcher.ts';

/** Stripe shows events for 30 days. */
const KEEP_EVENTS_MS = 30 * 24 * 60 * 60 * 1000;

export interface StandInOptions {
  port: number;
  host: string;
  /** Where the state is kept; null keeps it in memory only. */
  dataDir: string | null;
  secretKey: string;
  webhookUrl: string | null;
  /** Several while a secret is rotated: each signs. */
  webhookSecrets: readonly string[];
  shopName: string;
  /** Where browsers reach the hosted pages; the listening address when null. */
  publicUrl: string | null;
}

/** Starts the stand-in in this process. @returns its address and how to end it */
export async function listen(options: StandInOptions): Promise<{ url: string; close(): Promise<void> }> {
  const store = createStore({ dataDir: options.dataDir });
  let publicUrl = options.publicUrl?.replace(/\/+$/, '') ?? '';
  const nowMs = (): number => {
    const offset = store.get('settings', 'clockOffsetMs');
    return Date.now() + (typeof offset === 'number' ? offset : 0);
  };
  const context: Context = {
    store,
    livemode: options.secretKey.startsWith('sk_live_') || options.secretKey.startsWith('rk_live_'),
    publicUrl: () => publicUrl,
    shopName: options.shopName,
    nowMs,
    now: () => Math.floor(nowMs() / 1000),
    realNowMs: () => Date.now(),
  };
  store.transaction(() => {
    if (options.webhookUrl !== null) {
      store.put('settings', 'webhookUrl', options.webhookUrl);
      // What an earlier run left undelivered goes to where the receiver is now: its port may have changed.
      for (const row of store.list('deliveries')) store.put('deliveries', row.id, { ...row, url: options.webhookUrl });
    }
    if (options.webhookSecrets.length > 0) store.put('settings', 'webhookSecrets', options.webhookSecrets.join(','));
  });

  const dispatcher = createDispatcher(context);
  const timekeeper = createTimekeeper(context, dispatcher.wake);
  const idempotency = createIdempotency(context);
  const faults = createFaults();
  const api = createApiHandler({
    context,
    secretKey: options.secretKey,
    idempotency,
    faults,
    onChange: dispatcher.wake,
  });
  const pages = createHostedPages({ context, onChange: dispatcher.wake });
  const control = createControlApi({ context, dispatcher, faults, tick: timekeeper.tick });
  idempotency.prune();
  pruneEvents(context);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    if (url.pathname.startsWith('/v1/') || url.pathname.startsWith('/v2/')) return api(request, response, url);
    if (url.pathname.startsWith('/c/pay/')) return pages(request, response, url);
    if (url.pathname.startsWith('/_control/')) return control(request, response, url);
    if (url.pathname === '/health') return sendJson(response, 200, { status: 'ok' });
    return sendJson(response, 404, { error: { type: 'invalid_request_error', message: 'Unrecognized request URL.' } });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (!response.headersSent) sendJson(response, 500, { error: { type: 'api_error', message: 'Internal error.' } });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const shownHost = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host;
  const url = `http://${shownHost}:${port}`;
  publicUrl ||= url;
  timekeeper.start();
  // What was due when the stand-in last ended is due now.
  timekeeper.tick();
  dispatcher.retryNow();

  return {
    url,
    async close(): Promise<void> {
      timekeeper.stop();
      dispatcher.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      store.close();
    },
  };
}

/** Forgets what Stripe wouldn't show any more. */
function pruneEvents({ store, nowMs, realNowMs }: Context): void {
  store.transaction(() => {
    for (const event of store.list('events')) {
      if (event.created * 1000 < nowMs() - KEEP_EVENTS_MS) store.remove('events', event.id);
    }
    for (const delivery of store.list('finishedDeliveries')) {
      if (delivery.created < realNowMs() - KEEP_EVENTS_MS) store.remove('finishedDeliveries', delivery.id);
    }
  });
}
