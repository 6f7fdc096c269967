import { defineScript } from '@cartwright/platform-redis';
import { z } from 'zod';

/**
 * Keys below `<root>:g:<generation>:`
 *   d          hash, id -> version, ordinal and entry (none once it isn't for sale: what came later stays later)
 *   o, i       hashes, id -> ordinal and back; a product's bit in every bitmap
 *   t:<word>   zset, id by weight;  lex zset of all words;  g:<trigram> set of words
 *   by:<sort>  zsets, id by price, rating, newest, best selling;  pop popularity
 *   b:...      bitmaps: all, c:<category>, b:<brand>, s:<0|1>, a:<attribute>;  m:a:... sets where values are many
 *   f:...      hashes, value -> number of products;  p:<n>, r:<n> bit slices of price and rating;  w:... lists kept
 */
export const LUA_SHARED = `
local ATTRIBUTE_VALUES_MAX = 64
local function attributeKey(name, value) return 'a:' .. #name .. ':' .. name .. ':' .. value end
local function trigrams(word)
  local chars = { '^' }
  for char in string.gmatch(word, '[%z\\1-\\127\\194-\\244][\\128-\\191]*') do chars[#chars + 1] = char end
  chars[#chars + 1] = '$'
  local seen, list = {}, {}
  for n = 1, #chars - 2 do
    local gram = chars[n] .. chars[n + 1] .. chars[n + 2]
    if not seen[gram] then seen[gram] = true; list[#list + 1] = gram end
  end
  return list, chars
end
local function split(pointer)
  local schema, generation = string.match(pointer or '', '^(%d+)%.(%x+)$')
  return tonumber(schema), generation
end
`;

/**
 * KEYS root; ARGV schema, generation to write to alone (empty: the current and the one being built), entries as JSON.
 * Answers -1 when the index is of a later layout, -2 when the generation isn't being built any more, else how many
 * entries were newer than what was there.
 */
const LUA_WRITE = `${LUA_SHARED}
local root, schema, only = KEYS[1], tonumber(ARGV[1]), ARGV[2]
local targets = {}
for _, name in ipairs({ 'current', 'building' }) do
  local known, generation = split(redis.call('GET', root .. ':' .. name) or nil)
  if known and known > schema then return -1 end
  if known == schema and (only == '' or (name == 'building' and only == generation)) then
    targets[#targets + 1] = root .. ':g:' .. generation .. ':'
  end
end
if only ~= '' and #targets == 0 then return -2 end

local function count(base, key, value, by)
  local left = redis.call('HINCRBY', base .. key, value, by)
  if left <= 0 then redis.call('HDEL', base .. key, value) end
  return left
end
local function slices(base, key, number, ordinal, bit)
  local n = 0
  while number > 0 do
    if number % 2 == 1 then
      redis.call('SETBIT', base .. key .. n, ordinal, bit)
      if bit == 1 and n >= tonumber(redis.call('HGET', base .. 'top', key) or 0) then
        redis.call('HSET', base .. 'top', key, n + 1)
      end
    end
    number = math.floor(number / 2)
    n = n + 1
  end
end

local function take(base, id, ordinal, e)
  for n = 1, #e.t, 2 do
    local word = e.t[n]
    redis.call('ZREM', base .. 't:' .. word, id)
    if redis.call('EXISTS', base .. 't:' .. word) == 0 then
      redis.call('ZREM', base .. 'lex', word)
      for _, gram in ipairs((trigrams(word))) do redis.call('SREM', base .. 'g:' .. gram, word) end
    end
  end
  for _, category in ipairs(e.c) do
    redis.call('SETBIT', base .. 'b:c:' .. category, ordinal, 0)
    count(base, 'f:c', category, -1)
  end
  if e.b ~= '' then
    redis.call('SETBIT', base .. 'b:b:' .. e.b, ordinal, 0)
    count(base, 'f:b', e.b, -1)
  end
  redis.call('SETBIT', base .. 'b:s:' .. e.s, ordinal, 0)
  count(base, 'f:s', e.s, -1)
  for _, pair in ipairs(e.a) do
    local key = attributeKey(pair[1], pair[2])
    if redis.call('EXISTS', base .. 'b:' .. key) == 1 then redis.call('SETBIT', base .. 'b:' .. key, ordinal, 0)
    else redis.call('SREM', base .. 'm:' .. key, ordinal) end
    if count(base, 'f:a:' .. pair[1], pair[2], -1) <= 0 then redis.call('DEL', base .. 'b:' .. key, base .. 'm:' .. key) end
    count(base, 'f:names', pair[1], -1)
  end
  slices(base, 'p:', e.p, ordinal, 0)
  slices(base, 'r:', e.r, ordinal, 0)
  redis.call('SETBIT', base .. 'b:all', ordinal, 0)
  for _, sort in ipairs({ 'price', 'rating', 'newest', 'best_selling' }) do redis.call('ZREM', base .. 'by:' .. sort, id) end
  redis.call('ZREM', base .. 'pop', id)
end

local function put(base, id, ordinal, e)
  for n = 1, #e.t, 2 do
    local word = e.t[n]
    if redis.call('EXISTS', base .. 't:' .. word) == 0 then
      redis.call('ZADD', base .. 'lex', 0, word)
      for _, gram in ipairs((trigrams(word))) do redis.call('SADD', base .. 'g:' .. gram, word) end
    end
    redis.call('ZADD', base .. 't:' .. word, e.t[n + 1], id)
  end
  for _, category in ipairs(e.c) do
    redis.call('SETBIT', base .. 'b:c:' .. category, ordinal, 1)
    count(base, 'f:c', category, 1)
  end
  if e.b ~= '' then
    redis.call('SETBIT', base .. 'b:b:' .. e.b, ordinal, 1)
    count(base, 'f:b', e.b, 1)
  end
  redis.call('SETBIT', base .. 'b:s:' .. e.s, ordinal, 1)
  count(base, 'f:s', e.s, 1)
  for _, pair in ipairs(e.a) do
    local key = attributeKey(pair[1], pair[2])
    count(base, 'f:a:' .. pair[1], pair[2], 1)
    count(base, 'f:names', pair[1], 1)
    -- A bitmap is as long as the catalog: values that are many, like weights, get sets instead.
    if redis.call('EXISTS', base .. 'b:' .. key) == 1 or (redis.call('EXISTS', base .. 'm:' .. key) == 0
      and redis.call('HLEN', base .. 'f:a:' .. pair[1]) <= ATTRIBUTE_VALUES_MAX) then
      redis.call('SETBIT', base .. 'b:' .. key, ordinal, 1)
    else
      redis.call('SADD', base .. 'm:' .. key, ordinal)
    end
  end
  slices(base, 'p:', e.p, ordinal, 1)
  slices(base, 'r:', e.r, ordinal, 1)
  redis.call('SETBIT', base .. 'b:all', ordinal, 1)
  redis.call('ZADD', base .. 'by:price', e.p, id)
  redis.call('ZADD', base .. 'by:rating', e.r, id)
  redis.call('ZADD', base .. 'by:newest', e.n, id)
  redis.call('ZADD', base .. 'by:best_selling', e.u, id)
  redis.call('ZADD', base .. 'pop', e.q, id)
end

local written = 0
for _, doc in ipairs(cjson.decode(ARGV[3])) do
  local entry = doc.e and cmsgpack.pack(doc.e) or nil
  for _, base in ipairs(targets) do
    local kept = redis.call('HGET', base .. 'd', doc.id)
    local before = kept and cmsgpack.unpack(kept) or nil
    if not before or before.v < doc.v then
      written = written + 1
      local ordinal = before and before.o or redis.call('HLEN', base .. 'd')
      if not before then
        redis.call('HSET', base .. 'o', doc.id, ordinal)
        redis.call('HSET', base .. 'i', ordinal, doc.id)
      end
      if (before and before.e) ~= entry then
        if before and before.e then take(base, doc.id, ordinal, cmsgpack.unpack(before.e)) end
        if doc.e then put(base, doc.id, ordinal, doc.e) end
        redis.call('SET', base .. 'dirty', 1)
      end
      redis.call('HSET', base .. 'd', doc.id, cmsgpack.pack({ v = doc.v, o = ordinal, e = entry }))
    end
  end
end
return written
`;

export const writeScript = defineScript<number>({ lua: LUA_WRITE, parse: (raw) => z.number().parse(raw) });

/** KEYS root; ARGV schema, generation. Answers 0 when an index of a later layout is there. */
export const beginScript = defineScript<number>({
  lua: `${LUA_SHARED}
for _, name in ipairs({ 'current', 'building' }) do
  local known = split(redis.call('GET', KEYS[1] .. ':' .. name) or nil)
  if known and known > tonumber(ARGV[1]) then return 0 end
end
redis.call('SET', KEYS[1] .. ':building', ARGV[1] .. '.' .. ARGV[2])
return 1
`,
  parse: (raw) => z.number().parse(raw),
});

/** KEYS root; ARGV pointer. Answers 0, and points to nothing new, when this isn't what is being built: all may be gone. */
export const publishScript = defineScript<number>({
  lua: `
if redis.call('GET', KEYS[1] .. ':building') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1] .. ':current', ARGV[1])
redis.call('DEL', KEYS[1] .. ':building')
return 1
`,
  parse: (raw) => z.number().parse(raw),
});
