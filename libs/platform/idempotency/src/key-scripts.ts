import { defineScript } from '@cartwright/platform-redis';

export type Beginning =
  { state: 'begun' } | { state: 'answered'; answer: string } | { state: 'running' } | { state: 'reused' };

const beginningOf = (raw: unknown): Beginning => {
  const [state, answer] = Array.isArray(raw) ? raw.map(String) : [];
  if (state === 'begun' || state === 'running' || state === 'reused') return { state };
  if (state === 'answered' && answer !== undefined) return { state, answer };
  throw new Error(`The script that begins keyed calls answered ${String(raw)}`);
};

/**
 * KEYS entry; ARGV fingerprint, claim, lease (ms).
 * An entry is a hash of `print`, `claim` and, once it is answered, `answer`. The driver may send a command again whose
 * reply was lost, so a claim that stands there already is this call's own.
 */
export const beginScript = defineScript<Beginning>({
  lua: `
    local entry = redis.call('HMGET', KEYS[1], 'print', 'claim', 'answer')
    if not entry[1] then
      redis.call('HSET', KEYS[1], 'print', ARGV[1], 'claim', ARGV[2])
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
      return {'begun'}
    end
    if entry[1] ~= ARGV[1] then return {'reused'} end
    if entry[3] then return {'answered', entry[3]} end
    if entry[2] == ARGV[2] then return {'begun'} end
    return {'running'}
  `,
  parse: beginningOf,
});

const isOne = (raw: unknown): boolean => Number(raw) === 1;

/** KEYS entry; ARGV claim, lease (ms). False when the claim has been lost. */
export const renewScript = defineScript<boolean>({
  lua: `
    local entry = redis.call('HMGET', KEYS[1], 'claim', 'answer')
    if entry[1] ~= ARGV[1] or entry[2] then return 0 end
    return redis.call('PEXPIRE', KEYS[1], ARGV[2])
  `,
  parse: isOne,
});

/** KEYS entry; ARGV claim, answer, how long it is kept (ms). False, with nothing stored, when the claim has been lost. */
export const keepScript = defineScript<boolean>({
  lua: `
    if redis.call('HGET', KEYS[1], 'claim') ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[1], 'answer', ARGV[2])
    return redis.call('PEXPIRE', KEYS[1], ARGV[3])
  `,
  parse: isOne,
});

/** KEYS entry; ARGV claim. Leaves the entry alone when the claim has been lost. */
export const freeScript = defineScript<void>({
  lua: `
    local entry = redis.call('HMGET', KEYS[1], 'claim', 'answer')
    if entry[1] == ARGV[1] and not entry[2] then redis.call('DEL', KEYS[1]) end
    return 0
  `,
  parse: () => undefined,
});
