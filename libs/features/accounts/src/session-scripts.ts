import { defineScript } from '@cartwright/platform-redis';

/**
 * KEYS session, sessions of the user; ARGV id, now (ms), idle (ms), then fields and values by turns. Writes a session and
 * answers how many are listed then, with those that ended by themselves.
 */
export const createSessionScript = defineScript<number>({
  lua: `
    local now, idle = tonumber(ARGV[2]), tonumber(ARGV[3])
    redis.call('HSET', KEYS[1], unpack(ARGV, 4))
    local left = math.min(idle, tonumber(redis.call('HGET', KEYS[1], 'endsAt')) - now)
    redis.call('PEXPIRE', KEYS[1], left)
    redis.call('ZADD', KEYS[2], now, ARGV[1])
    local ends = math.max(redis.call('PTTL', KEYS[2]), tonumber(redis.call('HGET', KEYS[1], 'endsAt')) - now)
    redis.call('PEXPIRE', KEYS[2], ends)
    return redis.call('ZCARD', KEYS[2])
  `,
  parse: Number,
});

export type RotationOutcome = 'rotated' | 'retried' | 'reused' | 'gone';

const OUTCOMES: readonly RotationOutcome[] = ['rotated', 'retried', 'reused', 'gone'];

/**
 * KEYS session; ARGV hash presented, hash of its successor, now (ms), grace (ms), idle (ms), channel, id.
 * The current token is exchanged for its successor. The one before may come again within the grace, as after a lost
 * answer, until the successor has been used: it is the previous one only as long as that. Anything older is reuse, and
 * ends the session; that is told on the channel by the script itself, so that no crash leaves its sockets open.
 */
export const rotateScript = defineScript<RotationOutcome>({
  lua: `
    local session = redis.call('HMGET', KEYS[1], 'current', 'previous', 'rotatedAt', 'endsAt')
    local current, previous, rotatedAt, endsAt = session[1], session[2], tonumber(session[3]), tonumber(session[4])
    if not current then return 'gone' end
    local now = tonumber(ARGV[3])
    if ARGV[1] == current then
      if endsAt <= now then redis.call('DEL', KEYS[1]) return 'gone' end
      redis.call('HSET', KEYS[1], 'previous', current, 'current', ARGV[2], 'rotatedAt', now, 'lastSeenAt', now)
      redis.call('PEXPIRE', KEYS[1], math.min(tonumber(ARGV[5]), endsAt - now))
      return 'rotated'
    end
    if ARGV[1] == previous and now - rotatedAt <= tonumber(ARGV[4]) then return 'retried' end
    redis.call('DEL', KEYS[1])
    redis.call('PUBLISH', ARGV[6], ARGV[7])
    return 'reused'
  `,
  parse: (raw) => OUTCOMES.find((outcome) => outcome === raw) ?? 'gone',
});

/** KEYS session; ARGV fields and values by turns. Changes a session that is still there: never brings one back to life. */
export const updateSessionScript = defineScript<void>({
  lua: `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], unpack(ARGV)) end return 0`,
  parse: () => undefined,
});
