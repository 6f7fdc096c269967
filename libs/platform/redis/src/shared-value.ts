import { randomUUID } from 'node:crypto';
import type { Logger } from '@cartwright/platform-logger';
import { AWAY, createAsking } from './asking.ts';
import type { Redis } from './redis.ts';
import { defineScript } from './script.ts';

/** Whoever makes the value anew has so long until another one may try. */
const CLAIM_MS = 10_000;
/** What a process remembers by itself spares Redis a crowd; it adds to the age of what is answered. */
const KEPT_MS = 500;
const POLL_MS = 25;

/** Reads the value and what is left of its life; claims the making of another when it is missing or no longer fresh. */
const takeScript = defineScript({
  lua: `
    local value = redis.call('GET', KEYS[1])
    if value == '' then value = false end
    local left = redis.call('PTTL', KEYS[1])
    local claimed = 0
    if (not value or left < tonumber(ARGV[1])) and redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3]) then
      claimed = 1
    end
    return { value or '', claimed }`,
  parse: (raw) => {
    const [value, claimed] = raw as [string, number];
    return { value: value === '' ? undefined : value, claimed: claimed === 1 };
  },
});

/** Writes a value and gives the claim back in one step: nobody finds neither. */
const putScript = defineScript({
  lua: `
    if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
    if redis.call('GET', KEYS[2]) == ARGV[3] then redis.call('DEL', KEYS[2]) end
    return 1`,
  parse: Number,
});

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A value that all instances share in Redis as JSON. While it is fresh it is only read. After `freshMs` one instance of all
 * makes it anew, while everybody goes on with the one before; nobody is answered one that is older than `maxAgeMs`. When
 * there is none, one instance makes it and the others wait. While Redis is away each process makes its own, and keeps it
 * for `freshMs`. A failure of `load` is told to those who wait for it, and is not kept.
 */
export function createSharedValue<T>(options: {
  redis: Pick<Redis, 'client' | 'key'>;
  logger: Logger;
  /** Unique; with a number that counts up when the shape changes. */
  name: string;
  freshMs: number;
  maxAgeMs: number;
  load: () => Promise<T>;
  /** Throws for what is not such a value: it is made anew. */
  parse: (raw: unknown) => T;
}): () => Promise<T> {
  const { redis, logger, name, freshMs, maxAgeMs, load, parse } = options;
  const { client } = redis;
  const keys = [redis.key('shared', name), redis.key('shared', name, 'claim')];
  const lifeMs = maxAgeMs - KEPT_MS;
  const ask = createAsking({ redis, logger, name });

  let kept: { value: T; until: number } | undefined;
  let own: { value: T; until: number } | undefined;
  let reading: Promise<T> | undefined;

  async function make(claim: string): Promise<T> {
    const began = performance.now();
    const value = await load();
    const left = Math.floor(lifeMs - (performance.now() - began));
    await ask(() => putScript.run(client, keys, [JSON.stringify(value), left, claim]));
    return value;
  }

  /** Those who wait for it are to try for themselves when it fails. */
  async function makeFirst(claim: string): Promise<T> {
    try {
      return await make(claim);
    } catch (error) {
      await ask(() => putScript.run(client, keys, ['', 0, claim]));
      throw error;
    }
  }

  async function alone(): Promise<T> {
    if (own && performance.now() < own.until) return own.value;
    const until = performance.now() + freshMs;
    const value = await load();
    own = { value, until };
    return value;
  }

  function parsed(text: string): { value: T } | undefined {
    try {
      return { value: parse(JSON.parse(text)) };
    } catch {
      return undefined;
    }
  }

  async function find(): Promise<T> {
    const giveUpAt = performance.now() + CLAIM_MS;
    for (;;) {
      const claim = randomUUID();
      const taken = await ask(() => takeScript.run(client, keys, [lifeMs - freshMs, claim, CLAIM_MS]));
      if (taken === AWAY) return alone();
      const found = taken.value === undefined ? undefined : parsed(taken.value);
      if (taken.claimed) {
        if (!found) return makeFirst(claim);
        // When it fails the claim stands until it lapses: what can't be made isn't tried by every reader.
        make(claim).catch((error: unknown) => logger.warn({ err: error, name }, 'a shared value was not made anew'));
      }
      if (found) return found.value;
      if (taken.value !== undefined) await ask(() => client.del(keys[0] ?? ''));
      else if (performance.now() > giveUpAt) return alone();
      else await pause(POLL_MS);
    }
  }

  return () => {
    if (kept && performance.now() < kept.until) return Promise.resolve(kept.value);
    reading ??= find()
      .then((value) => {
        kept = { value, until: performance.now() + KEPT_MS };
        return value;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
}
