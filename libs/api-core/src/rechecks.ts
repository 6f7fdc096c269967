import { DomainError } from '@cartwright/domain-errors';
import { toTRPCError } from './error-shape.ts';

type Recheck = {
  check: () => Promise<void>;
  /** When it was last known to be allowed, in milliseconds. */
  checkedAt: () => number;
  onRefused: (error: unknown) => void;
};

/**
 * Asks for a right within a time. Throws SERVICE_UNAVAILABLE after it: an answer that never comes must neither hold up
 * others nor let anything through.
 */
export const settleWithin = async (ms: number, ask: () => Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 2 })), ms);
  });
  try {
    await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** So many at a time, so that thousands of them don't ask all at once. */
const AT_ONCE = 50;
const ROUNDS = 10;

/**
 * Looks again and again whether what runs for long is still allowed: each about every `everyMs`, by one timer that runs
 * while there is anything to look at. An answer that can't be had now (a store is away) refuses nothing.
 */
export const createRechecks = ({ everyMs }: { everyMs: number }) => {
  const open = new Set<Recheck>();
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  const look = async (recheck: Recheck): Promise<void> => {
    try {
      await recheck.check();
    } catch (error) {
      if (toTRPCError(error).code !== 'SERVICE_UNAVAILABLE' && open.has(recheck)) recheck.onRefused(error);
    }
  };

  const round = async (): Promise<void> => {
    if (running) return;
    running = true;
    const due = [...open].filter((recheck) => Date.now() - recheck.checkedAt() >= everyMs);
    for (let start = 0; start < due.length; start += AT_ONCE) {
      await Promise.all(due.slice(start, start + AT_ONCE).map(look));
    }
    running = false;
  };

  return {
    /** Returns how to stop looking. */
    add: (recheck: Recheck): (() => void) => {
      open.add(recheck);
      timer ??= setInterval(() => void round(), everyMs / ROUNDS).unref();
      return () => {
        open.delete(recheck);
        if (open.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
};
