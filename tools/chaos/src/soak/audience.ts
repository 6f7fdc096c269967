import { setTimeout as pause } from 'node:timers/promises';
import type { StoredTokens } from '@cartwright/sdk';
import type { Subject } from './event-writer.ts';
import { faultsOf, startFollower, type Follower } from './follower.ts';

/** One subscriber of a hundred is an admin who follows every order. */
const ADMINS = 0.01;
/** Entries a stream keeps. */
const STREAM_LENGTH = 5_000;
const ARRIVAL_MS = 120_000;

/** All who follow the events of a run, with the SDK as it is shipped. */
export interface Audience {
  readonly followers: readonly Follower[];
  /** Waits until everybody has seen all that was written, or nothing has come for two minutes; whether all is there. */
  arrived(): Promise<boolean>;
  /** What must not be, in words. */
  faults(): string[];
  /** What all of them noted of one kind. */
  noted(what: 'latencies' | 'reconnects'): number[];
  deliveries(): number;
  resyncs(): number;
  close(): Promise<void>;
}

/** Starts so many subscribers, by turns at each of the addresses, and waits until all of them follow. */
export async function startAudience(options: {
  count: number;
  urls: readonly string[];
  subjects: readonly (Subject & { tokens: StoredTokens })[];
  admin: StoredTokens;
}): Promise<Audience> {
  const { count, urls, subjects, admin } = options;
  const admins = Math.round(count * ADMINS);
  const orders = new Set(subjects.map(({ like }) => like.aggregateId));
  const members = Array.from({ length: count }, (_, index) => {
    const url = urls[index % urls.length] ?? '';
    const own = subjects[index % subjects.length];
    if (!own) throw new Error('Nobody to follow');
    const isAdmin = index < admins;
    const follower = startFollower(
      isAdmin
        ? { name: `admin ${index}`, url, tokens: admin, what: 'all orders', orders }
        : { name: `follower ${index}`, url, tokens: own.tokens, what: 'own orders', orders },
    );
    return { follower, subjects: isAdmin ? subjects : [own] };
  });
  const followers = members.map(({ follower }) => follower);
  const deliveries = (): number => followers.reduce((sum, { seen }) => sum + seen.length, 0);
  const everythingSeen = (): boolean =>
    members.every(({ follower: { seen, resyncs }, subjects: followed }) => {
      const wanted = followed.reduce((sum, { written }) => sum + written.size, 0);
      return resyncs.length > 0 || seen.length >= wanted;
    });
  const close = async (): Promise<void> => void (await Promise.all(followers.map((follower) => follower.close())));
  await Promise.all(followers.map(({ ready }) => ready));

  return {
    followers,
    arrived: async () => {
      for (let before = deliveries(), since = performance.now(); performance.now() - since < ARRIVAL_MS;) {
        if (everythingSeen()) return true;
        await pause(250);
        const now = deliveries();
        if (now !== before) since = performance.now();
        before = now;
      }
      return false;
    },
    faults: () =>
      members.flatMap(({ follower, subjects: followed }) =>
        faultsOf(follower, new Set(followed.flatMap(({ written }) => [...written])), STREAM_LENGTH),
      ),
    noted: (what) => followers.flatMap((follower) => follower[what]),
    deliveries,
    resyncs: () => followers.reduce((sum, follower) => sum + follower.resyncs.length, 0),
    close,
  };
}
