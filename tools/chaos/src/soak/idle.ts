import { setTimeout as pause } from 'node:timers/promises';
import { startCluster } from '../cluster.ts';
import { createEventWriter, type Subject } from './event-writer.ts';
import { openIdleSocket, type IdleSocket } from './idle-socket.ts';
import { restingMemory } from './memory.ts';
import { allowSockets } from './open-files.ts';
import { inWords, spreadOf } from './percentiles.ts';
import type { SoakOptions, SoakResult } from './soak.ts';
import { createSubjects } from './subjects.ts';

/** Sockets that are opened and closed again first: what a process needs once is no memory of a socket. */
const WARM_UP = 500;
const OPENED_AT_ONCE = 100;
const ARRIVAL_MS = 60_000;

/**
 * Thousands of subscribers on one instance, to whom little happens: what each costs, and how soon news are there when
 * `perSecond` of them are delivered in all. `events` are written.
 */
export async function soakIdle(options: Omit<SoakOptions, 'apis' | 'random'>): Promise<SoakResult> {
  const { subscribers, events, users, perSecond, say } = options;
  allowSockets(subscribers);
  await using cluster = await startCluster({
    apis: 1,
    workers: 1,
    products: [{ slug: 'lamp', stock: 10_000 }],
    env: { ACCESS_TOKEN_SECONDS: '3600' },
  });
  const url = cluster.shop.apis[0]?.url ?? '';
  const subjects = await createSubjects(cluster, users);
  let latencies: number[] = [];
  const onLatency = (milliseconds: number): void => void latencies.push(milliseconds);

  const open = async (count: number): Promise<IdleSocket[]> => {
    const sockets: IdleSocket[] = [];
    for (let first = 0; first < count; first += OPENED_AT_ONCE) {
      const opening = Array.from({ length: Math.min(OPENED_AT_ONCE, count - first) }, (_, offset) => {
        const index = first + offset;
        const { tokens } = subjects[index % subjects.length] as (typeof subjects)[number];
        const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
        return openIdleSocket({ url, token: tokens.accessToken, address, onLatency });
      });
      sockets.push(...(await Promise.all(opening)));
    }
    return sockets;
  };
  const written = (index: number): number => (subjects[index % subjects.length] as Subject).written.size;

  for (const socket of await open(WARM_UP)) socket.close();
  const empty = await restingMemory(url);
  const startedAt = performance.now();
  const sockets = await open(subscribers);
  say(`${subscribers} subscribers on one instance after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  try {
    const full = await restingMemory(url);
    const perSocket = (what: 'rss' | 'heap'): number =>
      Math.round(((full[what] - empty[what]) / subscribers / 1_024) * 10) / 10;
    const [rssKb, heapKb] = [perSocket('rss'), perSocket('heap')];
    say(`memory per socket: ${rssKb} KB resident, of them ${heapKb} KB live objects`);

    using writer = createEventWriter(cluster, subjects);
    const eventsPerSecond = (perSecond * users) / subscribers;
    // What runs for the first time is compiled first.
    await writer.write(users, eventsPerSecond);
    await arrival(sockets, written);
    latencies = [];
    await writer.write(events, eventsPerSecond);
    const arrived = await arrival(sockets, written);
    const delivery = spreadOf(latencies);
    say(`outbox to subscriber at ${perSecond} deliveries/s: ${inWords(delivery)}`);
    const lost = sockets.filter((socket) => !socket.open).length;
    const wrong = sockets.filter((socket, index) => socket.events !== written(index)).length;
    return {
      violations: [
        ...(lost > 0 ? [`${lost} sockets were closed`] : []),
        ...(arrived && wrong === 0 ? [] : [`${wrong} subscribers got more or fewer events than there were`]),
      ],
      figures: { subscribers, rssKb, heapKb, deliveries: delivery.count, p50: delivery.p50, p99: delivery.p99 },
    };
  } finally {
    for (const socket of sockets) socket.close();
  }
}

/** Waits until everybody has as many events as were written for them, or nothing has come for a minute. */
async function arrival(sockets: readonly IdleSocket[], written: (index: number) => number): Promise<boolean> {
  const count = (): number => sockets.reduce((sum, { events }) => sum + events, 0);
  for (let before = count(), since = performance.now(); performance.now() - since < ARRIVAL_MS;) {
    if (sockets.every((socket, index) => socket.events >= written(index))) return true;
    await pause(100);
    const now = count();
    if (now !== before) since = performance.now();
    before = now;
  }
  return false;
}
