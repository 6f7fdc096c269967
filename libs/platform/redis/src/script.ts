import { createHash } from 'node:crypto';
import type { RedisClient } from './redis.ts';

/** A Lua script with a typed reply. */
export type RedisScript<Reply> = {
  run(client: RedisClient, keys: readonly string[], args: readonly (string | number)[]): Promise<Reply>;
};

/**
 * Defines a Lua script. It runs by its hash and is sent whole only when the server doesn't know it yet (first use, or
 * after a restart), so callers never have to load it. `parse` turns the raw reply into the typed one.
 */
export const defineScript = <Reply>(options: { lua: string; parse: (raw: unknown) => Reply }): RedisScript<Reply> => {
  const { lua, parse } = options;
  const sha = createHash('sha1').update(lua).digest('hex');
  return {
    run: async (client, keys, args) => {
      try {
        return parse(await client.evalsha(sha, keys.length, ...keys, ...args));
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return parse(await client.eval(lua, keys.length, ...keys, ...args));
      }
    },
  };
};
