import { MongoError } from '../engine/index.ts';
import type { Core } from '../storage/core.ts';
import type { ChangeStream, Reading } from './stream.ts';

/** A change stream behind a cursor: a reader may wait for news. */
export interface Tail {
  /** The connection whose getMore is waiting now; null when none is. */
  readonly reader: number | null;
  /**
   * Reads the next events; when there are none, waits for some, at most `waitMs` milliseconds.
   * @throws MongoError 36 while another getMore is at it, 237 when the cursor is closed meanwhile.
   */
  next(request: { count: number; waitMs: number; connectionId: number }): Promise<Reading>;
  /** Ends the waiting: the cursor is closed. */
  stop(): void;
}

/** The longest wait, in milliseconds: timers do not take more. */
const MAX_WAIT_MS = 2 ** 31 - 1;

export function createTail(core: Core, stream: ChangeStream, looksUp: boolean): Tail {
  const { history, durability } = core;
  let reader: number | null = null;
  let stopped = false;
  let wake: (() => void) | null = null;

  /** Settles with the next news, when the cursor is closed, or after the time. */
  function news(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        unsubscribe();
        wake = null;
        resolve();
      };
      const timer = setTimeout(done, Math.min(limitMs, MAX_WAIT_MS));
      const unsubscribe = history.onSettled(done);
      wake = done;
    });
  }

  async function read(count: number, waitMs: number): Promise<Reading> {
    const until = performance.now() + waitMs;
    for (;;) {
      if (stopped) throw new MongoError(237, 'cursor was killed while it waited for changes');
      const reading = stream.read(count);
      if (reading.batch.length > 0 || reading.closed || count === 0) {
        // A document that was looked up may be newer than what is on disk.
        if (looksUp) await durability.flush();
        return reading;
      }
      const left = until - performance.now();
      if (reading.more) await new Promise((resolve) => setImmediate(resolve));
      else if (left <= 0) return reading;
      else await news(left);
    }
  }

  return {
    get reader() {
      return reader;
    },
    async next({ count, waitMs, connectionId }) {
      if (reader !== null) throw new MongoError(36, 'cursor is already in use');
      reader = connectionId;
      try {
        return await read(count, waitMs);
      } finally {
        reader = null;
      }
    },
    stop() {
      stopped = true;
      wake?.();
    },
  };
}
