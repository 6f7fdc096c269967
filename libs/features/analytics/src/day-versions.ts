import { randomUUID } from 'node:crypto';
import { defineScript, type Redis } from '@cartwright/platform-redis';

const BASE = 'base';

/**
 * The run of Redis and its history as a primary, and the versions of days; those of which nothing was told have the same one,
 * which is made when Redis lost everything.
 */
const readScript = defineScript({
  lua: `
    redis.call('HSETNX', KEYS[1], '${BASE}', ARGV[1])
    local versions = redis.call('HMGET', KEYS[1], '${BASE}', unpack(ARGV, 2))
    local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
    local history = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
    table.insert(versions, 1, run .. history)
    return versions`,
  parse: (raw) => raw as (string | null)[],
});

/**
 * Says of each calendar day whether its figures have changed: whoever keeps what they came to keeps it under the version
 * that the day had before they were read. Versions are random and name the run of Redis, so they never come back: neither
 * when it forgot them all, nor when it starts anew, or a replica takes its place, without what was told last.
 */
export function createDayVersions({ redis, timezone }: { redis: Pick<Redis, 'client' | 'key'>; timezone: string }) {
  const key = redis.key('figures', timezone, 'versions');

  return {
    /** In the order of the days. Rejects while Redis is away. */
    async of(days: readonly string[]): Promise<string[]> {
      const [run = '', base = '', ...own] = await readScript.run(redis.client, [key], [randomUUID(), ...days]);
      return days.map((_day, index) => `${run}/${base}/${own[index] ?? ''}`);
    },

    /** To be called after the new figures can be read. Rejects while Redis is away: then it has to be called again. */
    async renew(days: readonly string[]): Promise<void> {
      if (days.length === 0) return;
      const version = randomUUID();
      await redis.client.hset(key, Object.fromEntries(days.map((day) => [day, version])));
    },
  };
}

export type DayVersions = ReturnType<typeof createDayVersions>;
