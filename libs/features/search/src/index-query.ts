import { defineScript } from '@cartwright/platform-redis';
import { z } from 'zod';
import { LUA_BITMAPS, LUA_FACETS } from './index-facets.ts';
import { LUA_MATCH } from './index-match.ts';
import { LUA_SHARED } from './index-write.ts';
import type { IndexFacets } from './search.ports.ts';

/** How a list is kept for further pages. */
export const WINDOW = {
  /** Products in one kept list; what comes after them is computed from the last one seen. */
  items: 240,
  /** Seconds it is kept after it was made. */
  seconds: 60,
  /** A list is made anew when the index changed, though not more often than this, in milliseconds. */
  changesMs: 300,
} as const;

/**
 * Few matches are sorted; for many the order that is kept is walked along until enough are found. The fewer they are in a
 * catalog, the longer the walk: below the square root of its size times this, sorting is cheaper.
 */
const SORTING_FACTOR = 40;
const STEP = 500;

/**
 * KEYS root; ARGV schema, query as JSON (words `t`, `prefix`, category `c`, brand `b`, stock `s`, attributes `a`, price
 * `pmin` `pmax`, rating `rmin`, `sort`, `facets`, `complete`), its hash, limit, mark (value, id, list, offset; empty: none).
 * Answers JSON: `state`, or ids and sort values, the list's name, offset and whether more follow, total, facets, words.
 */
const LUA_QUERY = `${LUA_SHARED}
local schema = tonumber(ARGV[1])
local known, generation = split(redis.call('GET', KEYS[1] .. ':current') or nil)
if not known or known < schema then return cjson.encode({ state = 'absent' }) end
if known > schema then return cjson.encode({ state = 'newer' }) end
local base = KEYS[1] .. ':g:' .. generation .. ':'
local q, limit = cjson.decode(ARGV[2]), tonumber(ARGV[4])
local mark = ARGV[5] ~= '' and { value = tonumber(ARGV[5]), id = ARGV[6], list = ARGV[7], offset = tonumber(ARGV[8]) } or nil

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = redis.call('HGET', base .. 'epoch', 'n') or '0'
if redis.call('EXISTS', base .. 'dirty') == 1
  and now - tonumber(redis.call('HGET', base .. 'epoch', 'at') or 0) >= ${WINDOW.changesMs} then
  epoch = tostring(redis.call('HINCRBY', base .. 'epoch', 'n', 1))
  redis.call('HSET', base .. 'epoch', 'at', now)
  redis.call('DEL', base .. 'dirty')
end

local function page(list, offset, header)
  local key = base .. 'w:' .. ARGV[3] .. ':' .. list
  local rows = redis.call('LRANGE', key, offset, offset + limit - 1)
  header.rows, header.list, header.offset = rows, list, offset + #rows
  header.more = header.after or offset + #rows < header.size
  return cjson.encode(header)
end
local function kept(list, offset)
  local text = redis.call('GET', base .. 'w:' .. ARGV[3] .. ':' .. list .. ':h')
  if not text then return nil end
  local header = cjson.decode(text)
  if header.size > 0 and redis.call('EXISTS', base .. 'w:' .. ARGV[3] .. ':' .. list) == 0 then return nil end
  if header.after and offset + limit > header.size then return nil end
  return page(list, offset, header)
end
local list = mark and epoch .. '-' .. redis.sha1hex(ARGV[5] .. ' ' .. mark.id) or epoch
if mark and mark.list ~= '' then
  local known = kept(mark.list, mark.offset)
  if known then return known end
end
local known = kept(list, 0)
if known then return known end

${LUA_MATCH}
${LUA_BITMAPS}
local sort = 'by:' .. q.sort
local direction = q.sort == 'price_asc' and 1 or -1
if q.sort == 'price_asc' or q.sort == 'price_desc' then sort = 'by:price' end
local header = { size = 0, total = 0 }
local text, ids, chosen = nil, nil, {}
-- The products of the words, the best first, and nothing else: those are in order already.
local plain = #q.t > 0 and q.sort == 'relevance' and not (q.facets or q.c or q.b or q.s or q.pmin or q.pmax or q.rmin)
  and #(q.a or {}) == 0
if #q.t > 0 then
  local hits, complete = match(base, q.t, q.prefix, q.complete)
  text = base .. 'tmp:t'
  redis.call('UNLINK', text)
  if hits then
    header.words, header.complete = hits, complete
    header.total = redis.call('ZCARD', base .. 'tmp:x')
  end
  if hits and not plain then
    ids = redis.call('ZRANGE', base .. 'tmp:x', 0, -1)
    for from = 1, #ids, STEP do
      local ordinals = redis.call('HMGET', base .. 'o', unpack(ids, from, math.min(#ids, from + STEP - 1)))
      for _, ordinal in ipairs(ordinals) do redis.call('SETBIT', text, ordinal, 1) end
    end
  end
end
if q.c then chosen.c = base .. 'b:c:' .. q.c end
if q.b then chosen.b = base .. 'b:b:' .. q.b end
if q.s then chosen.s = base .. 'b:s:' .. q.s end
if q.pmin or q.pmax then chosen.p = within('p:', q.pmin, q.pmax) end
if q.rmin then chosen.r = within('r:', q.rmin) end
for _, attribute in ipairs(q.a or {}) do
  local any = base .. 'tmp:none'
  for _, value in ipairs(attribute[2]) do any = bitop('OR', any, attributeSet(attribute[1], value)) end
  chosen['a' .. attribute[1]] = any
end
local function narrow(but)
  local sets = { base .. 'b:all' }
  if text then sets[#sets + 1] = text end
  for facet, set in pairs(chosen) do
    if facet ~= but then sets[#sets + 1] = set end
  end
  if #sets == 1 then return sets[1], true end
  return bitop('AND', unpack(sets)), false
end
local result, everything
if not plain then result, everything = narrow() end
local function narrowed(but)
  if chosen[but] then return narrow(but) end
  return result, everything
end
${LUA_FACETS}

if not plain then header.total = bits(result) end
if q.facets then header.facets = facetCounts() end

local rows = {}
local membership = not plain and redis.call('GET', result) or ''
local function isIn(ordinal)
  ordinal = tonumber(ordinal)
  local byte = string.byte(membership, math.floor(ordinal / 8) + 1)
  return byte ~= nil and math.floor(byte / 2 ^ (7 - ordinal % 8)) % 2 == 1
end
-- Whether something comes after the mark.
local function isAfter(value, id)
  if value == mark.value then
    if direction == 1 then return id > mark.id end
    return id < mark.id
  end
  if direction == 1 then return value > mark.value end
  return value < mark.value
end
local function walk(key)
  local size = redis.call('ZCARD', key)
  local function at(from, to)
    if direction == 1 then return redis.call('ZRANGE', key, from, to, 'WITHSCORES') end
    return redis.call('ZRANGE', key, from, to, 'REV', 'WITHSCORES')
  end
  local from = 0
  if mark then
    local beyond = size
    while from < beyond do
      local middle = math.floor((from + beyond) / 2)
      local entry = at(middle, middle)
      if isAfter(tonumber(entry[2]), entry[1]) then beyond = middle else from = middle + 1 end
    end
  end
  -- Below a range of prices there is nothing to find.
  if q.sort == 'price_asc' and q.pmin then from = math.max(from, redis.call('ZCOUNT', key, '-inf', '(' .. string.format('%.0f', q.pmin))) end
  if q.sort == 'price_desc' and q.pmax then from = math.max(from, redis.call('ZCOUNT', key, '(' .. string.format('%.0f', q.pmax), '+inf')) end
  while from < size and #rows <= ${WINDOW.items} do
    local entries = at(from, from + STEP - 1)
    local some = {}
    for n = 1, #entries, 2 do some[#some + 1] = entries[n] end
    local ordinals = not plain and redis.call('HMGET', base .. 'o', unpack(some))
    for n, id in ipairs(some) do
      if #rows > ${WINDOW.items} then break end
      if plain or isIn(ordinals[n]) then rows[#rows + 1] = entries[2 * n] .. ' ' .. id end
    end
    from = from + STEP
  end
end
local function collect(key)
  if not ids then
    ids = idsOf(result)
  else
    local all = ids
    ids = {}
    for start = 1, #all, STEP do
      local some = { unpack(all, start, math.min(#all, start + STEP - 1)) }
      for n, ordinal in ipairs(redis.call('HMGET', base .. 'o', unpack(some))) do
        if isIn(ordinal) then ids[#ids + 1] = some[n] end
      end
    end
  end
  local entries = {}
  for start = 1, #ids, STEP do
    local scores = redis.call('ZMSCORE', key, unpack(ids, start, math.min(#ids, start + STEP - 1)))
    for n, score in ipairs(scores) do
      local value, id = tonumber(score), ids[start + n - 1]
      if not mark or isAfter(value, id) then entries[#entries + 1] = { value, id, score } end
    end
  end
  table.sort(entries, function(a, b)
    if a[1] ~= b[1] then
      if direction == 1 then return a[1] < b[1] end
      return a[1] > b[1]
    end
    if direction == 1 then return a[2] < b[2] end
    return a[2] > b[2]
  end)
  for n = 1, math.min(#entries, ${WINDOW.items} + 1) do rows[n] = entries[n][3] .. ' ' .. entries[n][2] end
end
if header.total > 0 then
  if q.sort == 'relevance' then walk(base .. 'tmp:x')
  elseif header.total * header.total <= ${SORTING_FACTOR} * redis.call('ZCARD', base .. sort) then collect(base .. sort)
  else walk(base .. sort) end
end
header.after = #rows > ${WINDOW.items}
if header.after then rows[#rows] = nil end
header.size = #rows
local key = base .. 'w:' .. ARGV[3] .. ':' .. list
redis.call('UNLINK', key, base .. 'tmp:x', base .. 'tmp:t', base .. 'tmp:c')
for n = 1, made do redis.call('UNLINK', base .. 'tmp:b' .. n) end
if #rows > 0 then
  redis.call('RPUSH', key, unpack(rows))
  redis.call('EXPIRE', key, ${WINDOW.seconds})
end
redis.call('SET', key .. ':h', cjson.encode(header), 'EX', ${WINDOW.seconds})
return page(list, 0, header)
`.replaceAll('STEP', String(STEP));

// Lua has one kind of table: an empty list comes back as an empty record.
const listOf = <T extends z.ZodType>(item: T) => z.union([z.array(item), z.strictObject({}).transform(() => [])]);
const counts = listOf(z.tuple([z.string(), z.number()]));

const answerSchema = z.union([
  z.object({ state: z.enum(['absent', 'newer']) }),
  z.object({
    rows: listOf(z.string()),
    list: z.string(),
    offset: z.number(),
    more: z.boolean(),
    total: z.number(),
    words: listOf(z.string()).default([]),
    complete: listOf(z.string()).default([]),
    facets: z
      .object({
        categories: counts,
        brands: counts,
        stock: listOf(z.tuple([z.enum(['0', '1']), z.number()])),
        attributes: listOf(z.tuple([z.string(), counts])),
        ratings: listOf(z.tuple([z.number(), z.number()])),
        price: z.tuple([z.coerce.number(), z.coerce.number()]).optional(),
      })
      .transform(({ price, ...facets }): IndexFacets => ({ ...facets, ...(price === undefined ? {} : { price }) }))
      .optional(),
  }),
]);

export type IndexAnswer = z.infer<typeof answerSchema>;

export const queryScript = defineScript<IndexAnswer>({
  lua: LUA_QUERY,
  parse: (raw) => answerSchema.parse(JSON.parse(z.string().parse(raw))),
});
