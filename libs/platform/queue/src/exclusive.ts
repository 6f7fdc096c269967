import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { defineScript } from '@cartwright/platform-redis';

const HELD_MS = 30_000;
const RENEWED_EVERY_MS = 10_000;

/** KEYS lock; ARGV holder, milliseconds (0 gives it back). Only the holder's own lock is touched. */
const keep = defineScript<void>({
  lua: `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
    return redis.call('PEXPIRE', KEYS[1], ARGV[2])
  `,
  parse: () => undefined,
});

/**
 * Runs `work` unless somebody else runs under the same key; false when somebody does. A holder that dies is given up
 * after half a minute. It keeps long jobs from piling up, and is no promise: a holder that was stopped for longer goes
 * on beside the next.
 */
export const runExclusively = async (
  { redis, key }: { redis: Redis; key: string },
  work: () => Promise<void>,
): Promise<boolean> => {
  const holder = randomUUID();
  if ((await redis.set(key, holder, 'PX', HELD_MS, 'NX')) === null) return false;
  const renewing = setInterval(() => {
    keep.run(redis, [key], [holder, HELD_MS]).catch(() => undefined);
  }, RENEWED_EVERY_MS);
  try {
    await work();
    return true;
  } finally {
    clearInterval(renewing);
    await keep.run(redis, [key], [holder, 0]).catch(() => undefined);
  }
};
