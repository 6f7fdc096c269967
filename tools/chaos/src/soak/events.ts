import { setTimeout as pause } from 'node:timers/promises';
import { createCartwright } from '@cartwright/sdk';
import { TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { startTcpProxy } from '@cartwright/testkit';
import { startCluster, type Cluster } from '../cluster.ts';
import type { OutboxRow } from '../database.ts';
import type { Random } from '../random.ts';
import { createEventWriter, type Subject } from './event-writer.ts';
import { faultsOf, startFollower, type Follower } from './follower.ts';
import { inWords, spreadOf } from './percentiles.ts';
import type { SoakResult } from './soak.ts';

export interface EventsOptions {
  readonly random: Random;
  readonly subscribers: number;
  readonly events: number;
  readonly apis: number;
  /** Users whose orders change; the subscribers share them. */
  readonly users: number;
  /** Events per second while sockets are cut. */
  readonly perSecond: number;
  readonly say: (line: string) => void;
}

/** Entries a stream keeps. */
const STREAM_LENGTH = 5_000;
/** A tenth of the subscribers are admins who follow every order. */
const ADMINS = 0.1;
const CALM_SHARE = 0.1;
const CALM_PER_SECOND = 25;
const ARRIVAL_MS = 120_000;

/** Sockets are cut at random and instances restarted one by one, while events come: nobody misses one or gets it twice. */
export async function soakEvents(options: EventsOptions): Promise<SoakResult> {
  const { subscribers, events, apis, users, perSecond, say } = options;
  const products = [{ slug: 'lamp', stock: 10_000 }];
  const env = { ACCESS_TOKEN_SECONDS: '3600' };
  await using cluster = await startCluster({ apis, workers: 2, products, env });
  const { shop } = cluster;
  const proxies = await Promise.all(
    shop.apis.map((_, index) => startTcpProxy({ target: () => Number(new URL(shop.apis[index]?.url ?? '').port) })),
  );
  const followers: Follower[] = [];
  try {
    const subjects = await Promise.all(Array.from({ length: users }, (_, index) => createSubject(cluster, index)));
    const admin = await signedIn(shop, await newAccount(shop, 'admin', 'admin'));
    const admins = Math.round(subscribers * ADMINS);
    for (let index = 0; index < subscribers; index += 1) {
      const url = `http://127.0.0.1:${proxies[index % proxies.length]?.port}`;
      const own = subjects[index % subjects.length];
      if (!own) continue;
      const follower =
        index < admins
          ? startFollower({ name: `admin ${index}`, url, tokens: admin, what: 'all orders' })
          : startFollower({ name: `follower ${index}`, url, tokens: own.tokens, what: 'own orders' });
      followers.push(follower);
    }
    await Promise.all(followers.map(({ ready }) => ready));
    say(`${followers.length} subscribers on ${apis} instances`);

    const writer = createEventWriter(cluster, subjects);
    const calm = Math.round(events * CALM_SHARE);
    await writer.write(calm, CALM_PER_SECOND);
    await arrival(followers, () =>
      followers.every((follower, index) => seenAll(follower, wantedBy(index, admins, subjects).size)),
    );
    const quiet = spreadOf(followers.flatMap(({ latencies }) => latencies));
    say(`outbox to subscriber at ${CALM_PER_SECOND} events/s: ${inWords(quiet)}`);

    const stopFaults = new AbortController();
    const faults = disturb({ ...options, shop, proxies, signal: stopFaults.signal });
    await writer.write(events - calm, perSecond);
    stopFaults.abort();
    const { cuts, restarts } = await faults;
    say(`${cuts} sockets cut, ${restarts} instances restarted`);

    const arrived = await arrival(followers, () =>
      followers.every((follower, index) => seenAll(follower, wantedBy(index, admins, subjects).size)),
    );
    const violations = followers.flatMap((follower, index) =>
      faultsOf(follower, wantedBy(index, admins, subjects), STREAM_LENGTH),
    );
    if (!arrived && violations.length === 0) violations.push('not everything arrived in time');
    const deliveries = followers.reduce((sum, { seen }) => sum + seen.length, 0);
    const resyncs = followers.reduce((sum, follower) => sum + follower.resyncs.length, 0);
    return {
      violations,
      figures: { subscribers, events, deliveries, cuts, restarts, resyncs, quietP50: quiet.p50, quietP99: quiet.p99 },
    };
  } finally {
    await Promise.all(followers.map((follower) => follower.close()));
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  }
}

type Tokens = { accessToken: string; refreshToken: string; sessionId: string };

async function newAccount(shop: TestShop, name: string, role: 'customer' | 'admin'): Promise<string> {
  const account = { email: `${name}@soak.test`, password: TEST_PASSWORD, name };
  const { accounts } = shop.inside.services;
  await (role === 'admin' ? accounts.createAdmin(account) : accounts.createCustomer(account));
  return account.email;
}

async function signedIn(shop: TestShop, email: string): Promise<Tokens> {
  const client = createCartwright({ url: shop.apis[0]?.url ?? '' });
  const answer = await client.api.auth.login.mutate({ email, password: TEST_PASSWORD });
  await client.close();
  if (answer.status !== 'ok') throw new Error('Signing in wants a second factor');
  const { accessToken, refreshToken, sessionId } = answer;
  return { accessToken, refreshToken, sessionId };
}

/** A customer with an order, whose event the run's events are like. */
async function createSubject(cluster: Cluster, index: number): Promise<Subject & { tokens: Tokens }> {
  const { shop, database } = cluster;
  const tokens = await signedIn(shop, await newAccount(shop, `user-${index}`, 'customer'));
  const buyer = shop.client(undefined, { storage: { load: () => tokens, save: () => undefined, shared: false } });
  const { order } = await shop.order(buyer, { paymentMethod: 'cash_on_delivery' });
  const [like] = await database.all<OutboxRow>('outbox', { aggregateId: order.id, type: 'order.placed' });
  if (!like) throw new Error('The order has no event');
  for (;;) {
    // Its own events are over before anybody follows.
    const open = await database.all('outbox', { dueAt: { $exists: true } });
    if (open.length === 0) break;
    await pause(50);
  }
  return { userId: String(like.payload['userId']), like, written: new Set(), tokens };
}

const wantedBy = (index: number, admins: number, subjects: readonly Subject[]): ReadonlySet<number> =>
  index < admins
    ? new Set(subjects.flatMap(({ written }) => [...written]))
    : (subjects[index % subjects.length]?.written ?? new Set());

const seenAll = ({ seen, resyncs }: Follower, wanted: number): boolean => resyncs.length > 0 || seen.length >= wanted;

/** Waits until everybody has seen all, or nothing has come for long. */
async function arrival(followers: readonly Follower[], look: () => boolean): Promise<boolean> {
  const count = (): number => followers.reduce((sum, { seen }) => sum + seen.length, 0);
  for (let before = count(), since = performance.now(); performance.now() - since < ARRIVAL_MS;) {
    if (look()) return true;
    await pause(250);
    const now = count();
    if (now !== before) since = performance.now();
    before = now;
  }
  return false;
}

/** Cuts sockets now and then, and restarts the instances one after another. */
async function disturb({
  random,
  shop,
  proxies,
  signal,
  say,
}: EventsOptions & {
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
