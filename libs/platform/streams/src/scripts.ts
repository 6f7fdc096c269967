import { defineScript } from '@cartwright/platform-redis';

/**
 * The life of a stream: its epoch, with the run of the Redis server it began in. A wiped Redis begins a new epoch. So
 * does one that was started again or taken over from: it may have come back without its last entries, and nobody can
 * tell which of them clients have seen. Where INFO is forbidden the run is unknown and only a wipe is noticed.
 */
const LIFE = `
  local function run_of_server()
    local info = redis.pcall('INFO', 'server')
    if type(info) ~= 'string' then return '' end
    return string.match(info, 'run_id:(%w+)') or ''
  end
  local function begin(key, epoch, kept)
    redis.call('SET', key, epoch .. ':' .. run_of_server(), 'PX', kept)
    return epoch
  end
`;

/**
 * KEYS stream, epoch, ids; ARGV id, type, topic, data, fresh epoch, length kept, milliseconds kept, ids kept, channel,
 * stream name. Appends the event unless one with its id is there, and announces it to all processes; answers
 * `<epoch>_<entry>`, or nil for a repetition. Ids are kept far longer than entries: an event may be told again late.
 */
export const appendScript = defineScript<string | null>({
  lua: `${LIFE}
    local function keep()
      for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[7]) end
    end
    local life = redis.call('GET', KEYS[2])
    local epoch = life and string.match(life, '^(%w+)') or begin(KEYS[2], ARGV[5], ARGV[7])
    if redis.call('ZADD', KEYS[3], 'NX', 0, ARGV[1]) == 0 then
      keep()
      return false
    end
    local entry = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[6], '*',
      'epoch', epoch, 'id', ARGV[1], 'type', ARGV[2], 'topic', ARGV[3], 'data', ARGV[4])
    redis.call('ZADD', KEYS[3], string.match(entry, '^(%d+)'), ARGV[1])
    local excess = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[8])
    if excess > 0 then redis.call('ZREMRANGEBYRANK', KEYS[3], 0, excess - 1) end
    keep()
    redis.call('PUBLISH', ARGV[9], table.concat({ ARGV[10], entry, epoch, ARGV[2], ARGV[3], ARGV[4] }, '\\n'))
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

/** KEYS stream, epoch; ARGV fresh epoch, milliseconds kept. Where the stream stands. */
export const positionScript = defineScript<StreamPosition>({
  lua: `${LIFE}
    local life = redis.call('GET', KEYS[2])
    local epoch, run = string.match(life or '', '^(%w+):(%w*)$')
    if not epoch or run ~= run_of_server() then epoch = begin(KEYS[2], ARGV[1], ARGV[2]) end
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
