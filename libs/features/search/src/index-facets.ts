/** How much of facets is told. */
export const FACET_LIMITS = { values: 50, attributes: 20, attributeValues: 64 } as const;

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
local function counted(facet, registry, bitmapOf)
  local set, everything = narrowed(facet)
  local list, known = {}, redis.call('HGETALL', base .. registry)
  for n = 1, #known, 2 do
    local count = tonumber(known[n + 1])
    if not everything then
      redis.call('BITOP', 'AND', base .. 'tmp:c', set, bitmapOf(known[n]))
      count = bits(base .. 'tmp:c')
    end
    if count > 0 then list[#list + 1] = { known[n], count } end
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
    local values = counted('a' .. name, 'f:a:' .. name, function(value) return attributeSet(name, value) end)
    if #values > 0 then facets.attributes[#facets.attributes + 1] = { name, values } end
  end
  facets.ratings = {}
  local rated = narrowed('r')
  for stars = 4, 1, -1 do
    facets.ratings[#facets.ratings + 1] = { stars, bits(bitop('AND', rated, within('r:', stars * 100))) }
  end
  local priced = narrowed('p')
  if bits(priced) > 0 then
    facets.price = { string.format('%.0f', extreme(priced, 'p:', false)), string.format('%.0f', extreme(priced, 'p:', true)) }
  end
  return facets
end
`;
