import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Cartwright } from '@cartwright/sdk';
import { freePort } from '@cartwright/testkit';
import { startNginx } from '@cartwright/tool-launcher';
import { startCluster, type Cluster } from '../cluster.ts';
import { startAudience } from './audience.ts';
import { createEventWriter } from './event-writer.ts';
import { inWords, spreadOf } from './percentiles.ts';
import type { SoakOptions, SoakResult } from './soak.ts';
import { createSubjects, newAccount, signedIn } from './subjects.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const ROUNDS = 2;
const BUYERS = 4;
/** The promises: an instance ends within half a minute, sockets are back within five seconds. */
const EXIT_MS = 30_000;
const BACK_MS = 5_000;

/**
 * Instances behind nginx are restarted one by one while people order and follow events: no answer of 5xx, no order lost,
 * nothing missed, sockets back soon. The number of events is as many as the restarts leave time for.
 */
export async function soakRolling(options: Omit<SoakOptions, 'events'>): Promise<SoakResult> {
  const { subscribers, apis, users, perSecond, say } = options;
  const products = [{ slug: 'lamp', stock: 100_000 }];
  await using cluster = await startCluster({ apis, workers: 2, products, env: { ACCESS_TOKEN_SECONDS: '3600' } });
  const { shop } = cluster;
  await using storefront = await startStorefront();
  await using nginx = await startNginx({
    root: ROOT,
    port: await freePort(),
    api: shop.apis.map(({ url }) => new URL(url).host),
    web: [storefront.host],
  });
  const subjects = await createSubjects(cluster, users);
  const admin = await signedIn(shop, (await newAccount(shop, 'admin', 'admin')).email);
  const buyers = await Promise.all(
    Array.from({ length: BUYERS }, async (_, index) => {
      const tokens = await signedIn(shop, (await newAccount(shop, `buyer-${index}`, 'customer')).email);
      const storage = { load: () => tokens, save: () => undefined, shared: false };
      return shop.client(undefined, { url: nginx.url, storage });
    }),
  );
  const audience = await startAudience({ count: subscribers, urls: [nginx.url], subjects, admin });
  try {
    say(`${subscribers} subscribers behind nginx, on ${apis} instances`);
    const before = requestsOf(nginx.accessLog()).length;
    const trade = startTrade(cluster, buyers);
    const stopWriting = new AbortController();
    using writer = createEventWriter(cluster, subjects);
    const writing = writer.writeUntil(stopWriting.signal, perSecond);
    const exits: { ms: number; code: number | null }[] = [];
    for (let turn = 0; turn < ROUNDS * apis; turn += 1) {
      const index = turn % apis;
      const startedAt = performance.now();
      const code = (await shop.apis[index]?.stop()) ?? null;
      const ms = Math.round(performance.now() - startedAt);
      exits.push({ ms, code });
      await shop.restart('api', index);
      await trade.more();
      say(`instance ${index} ended after ${(ms / 1_000).toFixed(1)} s`);
    }
    stopWriting.abort();
    await writing;
    const orders = await trade.stop();
    const arrived = await audience.arrived();

    const requests = requestsOf(nginx.accessLog()).slice(before);
    const reconnects = audience.noted('reconnects');
    const back = spreadOf(reconnects);
    say(`sockets back: ${inWords(back)}`);
    const faults = audience.faults();
    const kept = await ordersKept(cluster, orders.ids);
    return {
      violations: [
        ...faults,
        ...(arrived || faults.length > 0 ? [] : ['not everything arrived in time']),
        ...orders.failures.map((failure) => `a buyer met with ${failure}`),
        ...(kept === orders.ids.length ? [] : [`${orders.ids.length - kept} acknowledged orders are gone`]),
        ...requests.filter(({ status }) => status >= 500).map(({ path, status }) => `${status} for ${path}`),
        ...exits.filter(({ ms }) => ms > EXIT_MS).map(({ ms }) => `an instance took ${ms} ms to end`),
        ...exits.filter(({ code }) => code !== 0).map(({ code }) => `an instance ended with ${code}`),
        ...(back.p99 > BACK_MS ? [`sockets were back after ${back.p99} ms (p99)`] : []),
      ],
      figures: {
        subscribers,
        restarts: exits.length,
        slowestExitMs: Math.max(...exits.map(({ ms }) => ms)),
        events: subjects.reduce((sum, { written }) => sum + written.size, 0),
        deliveries: audience.deliveries(),
        orders: orders.ids.length,
        requests: requests.length,
        reconnects: reconnects.length,
        backP50: back.p50,
        backP99: back.p99,
        backMax: back.max,
      },
    };
  } finally {
    await audience.close();
  }
}

/** nginx wants somebody to pass pages on to. */
async function startStorefront(): Promise<{ host: string } & AsyncDisposable> {
  const server = createServer((_request, response) => response.end('storefront'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const requestsOf = (log: string): { path: string; status: number }[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { path: string; status: number });

/** Buyers who order one thing after the other, let it go again, and meet with no error, whatever is restarted. */
function startTrade({ shop }: Cluster, buyers: readonly Cartwright[]) {
  const ids: string[] = [];
  const failures: string[] = [];
  let over = false;
  const waiting = new Set<() => void>();
  const failed = (error: unknown): void => void failures.push(String(error));
  const sales = buyers.map(async (buyer) => {
    while (!over) {
      await shop.order(buyer, { paymentMethod: 'cash_on_delivery' }).then(async ({ order }) => {
        ids.push(order.id);
        // Few may wait at a time.
        await buyer.api.orders.cancel.mutate({ orderId: order.id }).catch(failed);
      }, failed);
      for (const look of waiting) look();
    }
  });
  return {
    /** Until a few more purchases have been made. */
    more: (): Promise<void> => {
      const from = ids.length + failures.length;
      return new Promise((resolve) => {
        const look = (): void => {
          if (ids.length + failures.length < from + BUYERS) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      });
    },
    stop: async (): Promise<{ ids: readonly string[]; failures: readonly string[] }> => {
      over = true;
      await Promise.all(sales);
      return { ids, failures };
    },
  };
}

async function ordersKept({ database }: Cluster, ids: readonly string[]): Promise<number> {
  return (await database.all('orders', { _id: { $in: [...ids] } })).length;
}
