/** How much of facets is told. */
export const FACET_LIMITS = { values: 50, attributes: 20, attributeValues: 64 } as const;

/** Up to so many products are looked at one by one to count them; bitmaps cost the same however few there are. */
const FEW = 150;
const READ_AT_ONCE = 500;

/**
 * Lua: sets of products as bitmaps. `base` is the index; all that is made here has a key that begins with `tmp:`.
 * A number's bits are slices (all products whose price has bit n), so a range is a handful of operations on bitmaps.
 */
export const LUA_BITMAPS = `
local made = 0
local function temporary()
  made = made + 1
  return base .. 'tmp:b' .. made
end
local function bitop(name, ...)
  local key = temporary()
  redis.call('BITOP', name, key, ...)
  return key
end
local function without(a, b) return bitop('XOR', a, bitop('AND', a, b)) end
local function bits(key) return redis.call('BITCOUNT', key) end
local function hasBit(number, n) return math.floor(number / 2 ^ n) % 2 == 1 end

local function within(slice, low, high)
  local all = base .. 'b:all'
  local top = tonumber(redis.call('HGET', base .. 'top', slice) or 0)
  local set = all
  if low and low > 0 then
    if low >= 2 ^ top then return base .. 'tmp:none' end
    local above, equal = base .. 'tmp:none', all
    for n = top - 1, 0, -1 do
      local key = base .. slice .. n
      local one = bitop('AND', equal, key)
      if hasBit(low, n) then equal = one
      else
        above = bitop('OR', above, one)
        equal = bitop('XOR', equal, one)
      end
    end
    set = bitop('OR', above, equal)
  end
  if high and high < 2 ^ top then
    local below, equal = base .. 'tmp:none', all
    for n = top - 1, 0, -1 do
      local one = bitop('AND', equal, base .. slice .. n)
      if hasBit(high, n) then
        below = bitop('OR', below, bitop('XOR', equal, one))
        equal = one
      else
        equal = bitop('XOR', equal, one)
      end
    end
    set = bitop('AND', set, bitop('OR', below, equal))
  end
  return set
end

local function extreme(set, slice, highest)
  local value = 0
  for n = tonumber(redis.call('HGET', base .. 'top', slice) or 0) - 1, 0, -1 do
    local one = bitop('AND', set, base .. slice .. n)
    local zero = bitop('XOR', set, one)
    local preferred = highest and one or zero
    if bits(preferred) > 0 then set = preferred
    else set = highest and zero or one end
    if set == one then value = value + 2 ^ n end
  end
  return value
end

-- Answers ids in the order of ordinals.
local function idsOf(set)
  local membership = redis.call('GET', set) or ''
  local ids, ordinals = {}, {}
  local from = string.find(membership, '[^%z]')
  while from do
    local byte = string.byte(membership, from)
    for n = 0, 7 do
      if hasBit(byte, 7 - n) then ordinals[#ordinals + 1] = (from - 1) * 8 + n end
    end
    from = string.find(membership, '[^%z]', from + 1)
  end
  for start = 1, #ordinals, ${READ_AT_ONCE} do
    for _, id in ipairs(redis.call('HMGET', base .. 'i', unpack(ordinals, start, math.min(#ordinals, start + ${READ_AT_ONCE} - 1)))) do
      ids[#ids + 1] = id
    end
  end
  return ids
end

local function attributeSet(name, value)
  local key = attributeKey(name, value)
  if redis.call('EXISTS', base .. 'm:' .. key) == 0 then return base .. 'b:' .. key end
  local set = temporary()
  redis.call('DEL', set)
  for _, ordinal in ipairs(redis.call('SMEMBERS', base .. 'm:' .. key)) do redis.call('SETBIT', set, ordinal, 1) end
  return set
end
`;

/**
 * Lua: how many products there would be with each further choice. What is chosen of a facet doesn't narrow that facet
 * itself: it counts what choosing another value would give. `narrowed(but)` answers the set of all filters but one, and
 * whether that is the whole catalog.
 */
export const LUA_FACETS = `
local function most(a, b)
  if a[2] ~= b[2] then return a[2] > b[2] end
  return a[1] < b[1]
end
-- Few products: how often each value occurs, ratings, prices. False for many.
local tallies = {}
local function tallyOf(set)
  if tallies[set] ~= nil then return tallies[set] end
  if bits(set) > ${FEW} then
    tallies[set] = false
    return false
  end
  local tally = { c = {}, b = {}, s = {}, a = {}, ratings = {}, prices = {} }
  local function add(counts, value) counts[value] = (counts[value] or 0) + 1 end
  local ids = idsOf(set)
  for _, kept in ipairs(#ids > 0 and redis.call('HMGET', base .. 'd', unpack(ids)) or {}) do
    local e = cmsgpack.unpack(cmsgpack.unpack(kept).e)
    for _, category in ipairs(e.c) do add(tally.c, category) end
    if e.b ~= '' then add(tally.b, e.b) end
    add(tally.s, e.s)
    for _, pair in ipairs(e.a) do
      tally.a[pair[1]] = tally.a[pair[1]] or {}
      add(tally.a[pair[1]], pair[2])
    end
    tally.ratings[#tally.ratings + 1] = e.r
    tally.prices[#tally.prices + 1] = e.p
  end
  tallies[set] = tally
  return tally
end
local function counted(facet, registry, bitmapOf, attribute)
  local set, everything = narrowed(facet)
  local tally = not everything and tallyOf(set)
  local list = {}
  if tally then
    local counts = attribute and (tally.a[attribute] or {}) or tally[facet]
    for value, count in pairs(counts) do list[#list + 1] = { value, count } end
  else
    local known = redis.call('HGETALL', base .. registry)
    for n = 1, #known, 2 do
      local count = tonumber(known[n + 1])
      if not everything then
        redis.call('BITOP', 'AND', base .. 'tmp:c', set, bitmapOf(known[n]))
        count = bits(base .. 'tmp:c')
      end
      if count > 0 then list[#list + 1] = { known[n], count } end
    end
  end
  table.sort(list, most)
  while #list > ${FACET_LIMITS.values} do list[#list] = nil end
  return list
end
local function facetCounts()
  local facets = {}
  facets.categories = counted('c', 'f:c', function(value) return base .. 'b:c:' .. value end)
  facets.brands = counted('b', 'f:b', function(value) return base .. 'b:b:' .. value end)
  facets.stock = counted('s', 'f:s', function(value) return base .. 'b:s:' .. value end)
  local names, known = {}, redis.call('HGETALL', base .. 'f:names')
  for n = 1, #known, 2 do
    if redis.call('HLEN', base .. 'f:a:' .. known[n]) <= ${FACET_LIMITS.attributeValues} then
      names[#names + 1] = { known[n], tonumber(known[n + 1]) }
    end
  end
  table.sort(names, most)
  facets.attributes = {}
  for n = 1, math.min(#names, ${FACET_LIMITS.attributes}) do
    local name = names[n][1]
    local values = counted('a' .. name, 'f:a:' .. name, function(value) return attributeSet(name, value) end, name)
    if #values > 0 then facets.attributes[#facets.attributes + 1] = { name, values } end
  end
  facets.ratings = {}
  local rated, allRated = narrowed('r')
  local rating = not allRated and tallyOf(rated)
  for stars = 4, 1, -1 do
    local count = 0
    if rating then
      for _, each in ipairs(rating.ratings) do
        if each >= stars * 100 then count = count + 1 end
      end
    else
      count = bits(bitop('AND', rated, within('r:', stars * 100)))
    end
    facets.ratings[#facets.ratings + 1] = { stars, count }
  end
  local priced, allPriced = narrowed('p')
  local price = not allPriced and tallyOf(priced)
  if price then
    if #price.prices > 0 then
      table.sort(price.prices)
      facets.price = { string.format('%.0f', price.prices[1]), string.format('%.0f', price.prices[#price.prices]) }
    end
  elseif bits(priced) > 0 then
    facets.price = { string.format('%.0f', extreme(priced, 'p:', false)), string.format('%.0f', extreme(priced, 'p:', true)) }
  end
  return facets
end
`;
