import { defineScript } from '@cartwright/platform-redis';

/**
 * KEYS stream, meta, ids; ARGV id, type, data, fresh epoch, length kept, milliseconds kept.
 * Appends the event unless one with its id is there; answers `<epoch>_<entry>`, or nil for a repetition. The epoch is the
 * life of the stream: a wiped Redis begins a new one, and entry ids of the old one mean nothing in it. Ids are kept a
 * while longer than entries.
 */
export const appendScript = defineScript<string | null>({
  lua: `
    local epoch = redis.call('GET', KEYS[2])
    if not epoch then
      epoch = ARGV[4]
      redis.call('SET', KEYS[2], epoch)
    end
    if redis.call('ZADD', KEYS[3], 'NX', 0, ARGV[1]) == 0 then
      redis.call('PEXPIRE', KEYS[1], ARGV[6]); redis.call('PEXPIRE', KEYS[2], ARGV[6]); redis.call('PEXPIRE', KEYS[3], ARGV[6])
      return false
    end
    local entry = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], '*', 'epoch', epoch, 'id', ARGV[1], 'type', ARGV[2], 'data', ARGV[3])
    local position = string.match(entry, '^(%d+)')
    redis.call('ZADD', KEYS[3], position, ARGV[1])
    local excess = redis.call('ZCARD', KEYS[3]) - 2 * tonumber(ARGV[5])
    if excess > 0 then redis.call('ZREMRANGEBYRANK', KEYS[3], 0, excess - 1) end
    redis.call('PEXPIRE', KEYS[1], ARGV[6]); redis.call('PEXPIRE', KEYS[2], ARGV[6]); redis.call('PEXPIRE', KEYS[3], ARGV[6])
    return epoch .. '_' .. entry
  `,
  parse: (raw) => (typeof raw === 'string' ? raw : null),
});

export type StreamPosition = {
  epoch: string;
  /** The last entry id ever given in this epoch; `0-0` before the first. */
  last: string;
  /** The oldest entry still kept; `0-0` when there is none. */
  first: string;
  /** Whether entries before `first` have been trimmed away. */
  trimmed: boolean;
};

/** KEYS stream, meta; ARGV fresh epoch, milliseconds kept. Where the stream stands. */
export const positionScript = defineScript<StreamPosition>({
  lua: `
    local epoch = redis.call('GET', KEYS[2])
    if not epoch then
      epoch = ARGV[1]
      redis.call('SET', KEYS[2], epoch, 'PX', ARGV[2])
    end
    if redis.call('EXISTS', KEYS[1]) == 0 then return { epoch, '0-0', '0-0', '0' } end
    local info = redis.call('XINFO', 'STREAM', KEYS[1])
    local facts = {}
    for i = 1, #info, 2 do facts[info[i]] = info[i + 1] end
    local first = '0-0'
    if facts['first-entry'] then first = facts['first-entry'][1] end
    local trimmed = '0'
    if facts['entries-added'] > facts['length'] then trimmed = '1' end
    return { epoch, facts['last-generated-id'], first, trimmed }
  `,
  parse: (raw) => {
    const [epoch = '', last = '0-0', first = '0-0', trimmed = '0'] = Array.isArray(raw) ? raw.map(String) : [];
    return { epoch, last, first, trimmed: trimmed === '1' };
  },
});
