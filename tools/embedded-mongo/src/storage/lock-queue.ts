import type { Lockable } from './locks.ts';

/**
 * How long the next in the queue waits for the one before it to come back, in milliseconds. A transaction whose snapshot
 * is older than the lock's last owner has to begin anew: its client pauses up to 7.5 ms before that (the specification of
 * drivers), then takes a round trip or two.
 */
const RETURN_MS = 50;

/** A place in the queue of a lock. */
export interface Place {
  /** Settles when it is this one's turn to try. */
  readonly turn: Promise<void>;
  /** When somebody last had a turn, in milliseconds of `performance.now()`; when the first one came, before that. */
  movedAt(): number;
  /** Gives the place up, whether or not it was its turn. */
  leave(): void;
}

interface Line {
  readonly waiting: (() => void)[];
  /** Runs after a turn was given, until the lock is taken or that time is over. */
  returning: NodeJS.Timeout | null;
  /** When the queue last went on, in milliseconds of `performance.now()`. */
  movedAt: number;
}

export type LockQueue = ReturnType<typeof createLockQueue>;

/**
 * Who waits for records and keys that a transaction has locked, first come, first served. A lock that gets free is handed
 * to one of them at a time. If all were told at once, all but one would have to begin anew, and that again at every
 * commit: the work of n transactions on one document would grow with the square of n.
 */
export function createLockQueue(isFree: (lock: Lockable) => boolean) {
  const lines = new Map<Lockable, Line>();

  function next(lock: Lockable, line: Line): void {
    line.movedAt = performance.now();
    if (line.returning !== null) clearTimeout(line.returning);
    line.returning = null;
    const turn = line.waiting.shift();
    if (line.waiting.length === 0) lines.delete(lock);
    else {
      // Whoever has the turn may not come back for the lock: then the next one has it.
      line.returning = setTimeout(() => {
        line.returning = null;
        if (isFree(lock)) next(lock, line);
      }, RETURN_MS);
    }
    turn?.();
  }

  return {
    join(lock: Lockable): Place {
      let line = lines.get(lock);
      if (line === undefined) lines.set(lock, (line = { waiting: [], returning: null, movedAt: performance.now() }));
      const own = line;
      const { waiting } = own;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      return {
        turn: promise,
        movedAt: () => own.movedAt,
        leave() {
          const at = waiting.indexOf(resolve);
          if (at < 0) return;
          waiting.splice(at, 1);
          if (waiting.length === 0 && lines.get(lock) === own) {
            if (own.returning !== null) clearTimeout(own.returning);
            lines.delete(lock);
          }
        },
      };
    },

    /** The owner of the lock has ended. Writes outside transactions that waited for that are done first. */
    freed(lock: Lockable): void {
      const line = lines.get(lock);
      if (line === undefined) return;
      setImmediate(() => {
        if (lines.get(lock) === line && isFree(lock)) next(lock, line);
      });
    },
  };
}
