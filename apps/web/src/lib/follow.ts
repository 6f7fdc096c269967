/** What a subscription's callbacks are told; the SDK's `subscribe` takes it as it is. */
export interface FollowHandlers<Item> {
  onStarted: () => void;
  onData: (value: { data: Item }) => void;
  onError: (error: unknown) => void;
  onComplete: () => void;
}

export type LiveEvent<Item extends { type: string }> = Exclude<Item, { type: 'ready' | 'resync' }>;

/**
 * Why what was read before may be old: the subscription has just begun (`ready`); the connection came back, and what was
 * missed is told now, in order (`resumed`); or something was missed for good (`resync`).
 */
export type StaleReason = 'ready' | 'resumed' | 'resync';

interface FollowOptions<Item extends { type: string }> {
  start: (handlers: FollowHandlers<Item>) => { unsubscribe: () => void };
  onEvent: (event: LiveEvent<Item>) => void;
  /** What was read before may have missed something. Once for each loss, however many signs of it come. */
  onStale: (reason: StaleReason) => void;
  /** Whether events come by themselves, as far as the subscription knows; the connection is another matter. */
  onLive: (live: boolean) => void;
  /** A refusal that would only repeat itself. */
  isFinal: (error: unknown) => boolean;
  /** Told of such a refusal: nothing is followed any more. */
  onRefused: () => void;
}

/** A connection that comes back and the `resync` after it are one reason to read again. */
const STALE_MS = 100;
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;

/**
 * Keeps a subscription going until stopped: a refused or ended one is started anew, ever less often. Lost connections are
 * the SDK's affair; it resumes where it was. Returns how to stop.
 */
export function follow<Item extends { type: string }>(options: FollowOptions<Item>): () => void {
  const { start, onEvent, onStale, onLive, isFinal, onRefused } = options;
  let stopped = false;
  let failures = 0;
  let subscription: { unsubscribe: () => void } | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let staleTimer: ReturnType<typeof setTimeout> | undefined;

  let staleReason: StaleReason = 'ready';
  function tellStale(reason: StaleReason): void {
    // The latest sign says the most: a resync comes after the connection that came back.
    staleReason = reason;
    staleTimer ??= setTimeout(() => {
      staleTimer = undefined;
      onStale(staleReason);
    }, STALE_MS);
  }

  function begin(): void {
    let starts = 0;
    let over = false;
    const end = (error?: unknown): void => {
      if (stopped || over) return;
      over = true;
      onLive(false);
      if (error !== undefined && isFinal(error)) {
        onRefused();
        return;
      }
      const delay = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** failures) * (0.5 + Math.random() / 2);
      failures += 1;
      retryTimer = setTimeout(begin, delay);
    };
    subscription = start({
      onStarted: () => {
        if (stopped) return;
        onLive(true);
        // The first start is followed by `ready`; a later one is a connection that came back.
        if (starts > 0) tellStale('resumed');
        starts += 1;
      },
      onData: ({ data }) => {
        if (stopped) return;
        failures = 0;
        const { type } = data;
        if (type === 'ready' || type === 'resync') tellStale(type);
        else onEvent(data as LiveEvent<Item>);
      },
      onError: end,
      onComplete: () => end(),
    });
  }

  begin();
  return () => {
    stopped = true;
    clearTimeout(retryTimer);
    clearTimeout(staleTimer);
    subscription?.unsubscribe();
  };
}
