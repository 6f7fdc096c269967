import { setTimeout as pause } from 'node:timers/promises';
import type { TestShop } from '@cartwright/testapp';
import { startTcpProxy } from '@cartwright/testkit';
import { startCluster } from '../cluster.ts';
import { startAudience } from './audience.ts';
import { createEventWriter } from './event-writer.ts';
import { inWords, spreadOf } from './percentiles.ts';
import type { SoakOptions, SoakResult } from './soak.ts';
import { createSubjects, newAccount, signedIn } from './subjects.ts';

const CALM_SHARE = 0.1;
const CALM_PER_SECOND = 25;

/** Sockets are cut at random and instances restarted one by one, while events come: nobody misses one or gets it twice. */
export async function soakEvents(options: SoakOptions): Promise<SoakResult> {
  const { subscribers, events, apis, users, perSecond, say } = options;
  const products = [{ slug: 'lamp', stock: 10_000 }];
  const env = { ACCESS_TOKEN_SECONDS: '3600' };
  await using cluster = await startCluster({ apis, workers: 2, products, env });
  const { shop } = cluster;
  const proxies = await Promise.all(
    shop.apis.map((_, index) => startTcpProxy({ target: () => Number(new URL(shop.apis[index]?.url ?? '').port) })),
  );
  try {
    const subjects = await createSubjects(cluster, users);
    const admin = await signedIn(shop, (await newAccount(shop, 'admin', 'admin')).email);
    const urls = proxies.map(({ port }) => `http://127.0.0.1:${port}`);
    const audience = await startAudience({ count: subscribers, urls, subjects, admin });
    try {
      say(`${subscribers} subscribers on ${apis} instances`);

      using writer = createEventWriter(cluster, subjects);
      const calm = Math.round(events * CALM_SHARE);
      await writer.write(calm, CALM_PER_SECOND);
      await audience.arrived();
      const quiet = spreadOf(audience.noted('latencies'));
      say(`outbox to subscriber at ${CALM_PER_SECOND} events/s: ${inWords(quiet)}`);

      const stopFaults = new AbortController();
      const faults = disturb({ ...options, shop, proxies, signal: stopFaults.signal });
      await writer.write(events - calm, perSecond);
      stopFaults.abort();
      const { cuts, restarts } = await faults;
      say(`${cuts} sockets cut, ${restarts} instances restarted`);

      const arrived = await audience.arrived();
      const violations = audience.faults();
      if (!arrived && violations.length === 0) violations.push('not everything arrived in time');
      const [deliveries, resyncs] = [audience.deliveries(), audience.resyncs()];
      return {
        violations,
        figures: { subscribers, events, deliveries, cuts, restarts, resyncs, quietP50: quiet.p50, quietP99: quiet.p99 },
      };
    } finally {
      await audience.close();
    }
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  }
}

/** Cuts sockets now and then, and restarts the instances one after another. */
async function disturb({
  random,
  shop,
  proxies,
  signal,
  say,
}: SoakOptions & {
  shop: TestShop;
  proxies: readonly { cut: (choose: () => boolean) => number }[];
  signal: AbortSignal;
}): Promise<{ cuts: number; restarts: number }> {
  const own = random.fork('faults');
  let cuts = 0;
  let restarts = 0;
  const cutting = (async () => {
    while (!signal.aborted) {
      await pause(own.between(100, 900));
      cuts += own.pick(proxies).cut(() => own.chance(0.08));
    }
  })();
  const restarting = (async () => {
    for (let index = 0; !signal.aborted; index = (index + 1) % shop.apis.length) {
      await pause(own.between(2_000, 5_000));
      if (signal.aborted) return;
      const startedAt = performance.now();
      await shop.restart('api', index, own.chance(0.3) ? 'kill' : 'stop');
      restarts += 1;
      say(`instance ${index} is back after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    }
  })();
  await Promise.all([cutting, restarting]);
  return { cuts, restarts };
}
