/** Bytes that large messages on their way in or out take up at a time, over all connections, unless set otherwise. */
const DEFAULT_LIMIT_BYTES = 256 * 1024 * 1024;

export type MessageBudget = ReturnType<typeof createMessageBudget>;

interface Waiter {
  readonly bytes: number;
  readonly granted: () => void;
}

/**
 * Bounds what messages of all connections hold in memory together. Who sends a large message waits for room, in the
 * order of asking; answers are there already when their size is known, so they are counted, and further requests wait
 * until there is room again.
 */
export function createMessageBudget(limitBytes: number = DEFAULT_LIMIT_BYTES) {
  const waiting = new Set<Waiter>();
  let used = 0;

  // One message always fits, however large.
  const fits = (bytes: number): boolean => used === 0 || used + bytes <= limitBytes;

  function grant(): void {
    for (const waiter of waiting) {
      if (!fits(waiter.bytes)) return;
      waiting.delete(waiter);
      used += waiter.bytes;
      waiter.granted();
    }
  }

  return {
    /** Whether more is held than is meant to be: no request is to be started. */
    isOver: (): boolean => used > limitBytes,
    /** Takes the bytes and calls back, at once or when there is room. The answer gives up waiting. */
    acquire(bytes: number, granted: () => void): () => void {
      const waiter: Waiter = { bytes, granted };
      waiting.add(waiter);
      grant();
      return () => {
        // Those behind it may fit where it did not.
        if (waiting.delete(waiter)) grant();
      };
    },
    /** Counts bytes that are held already. */
    take(bytes: number): void {
      used += bytes;
    },
    release(bytes: number): void {
      used -= bytes;
      grant();
    },
    used: (): number => used,
  };
}
