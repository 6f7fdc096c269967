import type { Redis } from 'ioredis';

const NOTED_EVERY_MS = 1_000;

const progressKey = (keyPrefix: string): string => `${keyPrefix}-progress`;

/** Notes that runs of a queue end, about once a second: a queue that moves is told from one that stands by it. */
export const createProgressNotes = ({ redis, keyPrefix }: { redis: Pick<Redis, 'hset'>; keyPrefix: string }) => {
  const notedAt = new Map<string, number>();
  return (queue: string): void => {
    const now = Date.now();
    if (now - (notedAt.get(queue) ?? 0) < NOTED_EVERY_MS) return;
    notedAt.set(queue, now);
    redis.hset(progressKey(keyPrefix), queue, now).catch(() => undefined);
  };
};

/** When a run last ended, by queue, in milliseconds. */
export const readProgress = async (redis: Pick<Redis, 'hgetall'>, keyPrefix: string): Promise<Map<string, number>> =>
  new Map(Object.entries(await redis.hgetall(progressKey(keyPrefix))).map(([queue, at]) => [queue, Number(at)]));
