import { createCartwright, memoryTokenStorage, type Cartwright, type StoredTokens } from '@cartwright/sdk';
import { WebSocket } from 'ws';

/** What one subscriber saw. */
export interface Follower {
  readonly client: Cartwright;
  readonly name: string;
  /** Events by the number that their writer gave them, in the order in which they came. */
  readonly seen: number[];
  /** How many events were there when each resync came. */
  readonly resyncs: number[];
  /** What must not be: an id that does not come after the one before, an error. */
  readonly problems: string[];
  /** Milliseconds from the writing of an event to its arrival. */
  readonly latencies: number[];
  /** Milliseconds from each loss of the connection until it was open again. */
  readonly reconnects: number[];
  /** Until the subscription runs. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** A resumable id: `<epoch>_<milliseconds>-<number>`. */
function placeOf(id: string): { epoch: string; at: number; sequence: number } {
  const [epoch = '', entry = ''] = id.split('_');
  const [at = 0, sequence = 0] = entry.split('-').map(Number);
  return { epoch, at, sequence };
}

const isAfter = (id: string, before: string): boolean => {
  const [left, right] = [placeOf(id), placeOf(before)];
  return left.at > right.at || (left.at === right.at && left.sequence > right.sequence);
};

/** Follows the orders of one user, or all orders as an admin, with the SDK as it is shipped. */
export function startFollower(options: {
  name: string;
  url: string;
  tokens: StoredTokens;
  what: 'own orders' | 'all orders';
  /** Orders whose events count; others may be bought meanwhile. */
  orders: ReadonlySet<string>;
}): Follower {
  const { name, url, tokens, what, orders } = options;
  const client = createCartwright({
    url,
    storage: memoryTokenStorage(tokens),
    // Cheaper than the one that comes with Node, by the same standard.
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
  });
  const seen: number[] = [];
  const resyncs: number[] = [];
  const problems: string[] = [];
  const latencies: number[] = [];
  const reconnects: number[] = [];
  let last = '';
  let wasOpen = false;
  let lostAt: number | undefined;
  let started: () => void;
  const ready = new Promise<void>((resolve) => (started = resolve));
  client.connection.subscribe((state) => {
    if (state === 'open') {
      wasOpen = true;
      if (lostAt !== undefined) reconnects.push(performance.now() - lostAt);
      lostAt = undefined;
    } else if (wasOpen) {
      lostAt ??= performance.now();
    }
  });
  const handlers = {
    onData: ({
      id,
      data,
    }: {
      id: string;
      data: { type: string; orderId?: string; version?: number; at?: Date };
    }): void => {
      if (data.type === 'ready') started();
      if (data.type === 'resync') {
        resyncs.push(seen.length);
        last = '';
      }
      if (data.type !== 'order.status') return;
      if (last !== '' && !isAfter(id, last)) problems.push(`${name} got ${id} after ${last}`);
      last = id;
      if (!orders.has(data.orderId ?? '')) return;
      seen.push(data.version ?? 0);
      latencies.push(Date.now() - (data.at?.getTime() ?? 0));
    },
    onError: (error: unknown) => problems.push(`${name}: ${String(error)}`),
  };
  const subscription =
    what === 'all orders'
      ? client.api.admin.orders.onActivity.subscribe({}, handlers)
      : client.api.orders.onStatus.subscribe({}, handlers);
  return {
    client,
    name,
    seen,
    resyncs,
    problems,
    latencies,
    reconnects,
    ready,
    close: async () => {
      subscription.unsubscribe();
      await client.close();
    },
  };
}

/**
 * Compares what a follower saw with all that was written. Events may be missing only in front of a resync, and a resync
 * is right only when the stream could not hold what was missed.
 */
export function faultsOf(follower: Follower, written: ReadonlySet<number>, streamLength: number): string[] {
  const { name, seen, resyncs, problems } = follower;
  const unique = new Set(seen);
  const gaps = [...written].filter((number) => !unique.has(number)).length;
  const twice = seen.length - unique.size;
  const strange = [...unique].filter((number) => !written.has(number)).length;
  return [
    ...problems,
    ...(twice > 0 ? [`${name} got ${twice} events twice`] : []),
    ...(strange > 0 ? [`${name} got ${strange} events that are not its own`] : []),
    ...(resyncs.length === 0 && gaps > 0 ? [`${name} missed ${gaps} events`] : []),
    ...(resyncs.length > 0 && gaps < streamLength / 2
      ? [`${name} was told to load anew for ${gaps} missed events`]
      : []),
  ];
}
