/** Bounds of what one query may look at; each list is cut in a fixed order, so that the same query finds the same. */
export const MATCH_LIMITS = {
  /** Words that begin with what was typed: looked at in the order of the alphabet, kept by how many products hold them. */
  prefixSeen: 500,
  prefixKept: 50,
  /** Products that these words may bring in, counted by word. */
  prefixPostings: 10_000,
  /** Words alike: only words of at least so many letters are corrected, the longer ones by two letters. */
  typoLetters: 4,
  typoTwice: 8,
  typoSeen: 20_000,
  typoKept: 5,
} as const;

/** What a word found is worth, by how it was found. */
export const FACTORS = { exact: 10, prefix: 6, oneOff: 4, twoOff: 3 } as const;

/**
 * Lua: from words to products. `match(base, words, prefix)` leaves the scored products in the zset `tmp:x` and answers the
 * words found, with the ways to complete the last one; nil when a word finds nothing at all.
 */
export const LUA_MATCH = `
local function larger(a, b)
  if a.size ~= b.size then return a.size > b.size end
  return a.word < b.word
end

local function beginningWith(base, word)
  local found = {}
  local words = redis.call('ZRANGE', base .. 'lex', '[' .. word, '[' .. word .. '\\255', 'BYLEX', 'LIMIT', 0, ${MATCH_LIMITS.prefixSeen})
  for _, each in ipairs(words) do
    if each ~= word then found[#found + 1] = { word = each, size = redis.call('ZCARD', base .. 't:' .. each), factor = ${FACTORS.prefix} } end
  end
  table.sort(found, larger)
  local kept, postings = {}, 0
  for _, each in ipairs(found) do
    if #kept == ${MATCH_LIMITS.prefixKept} then break end
    if #kept == 0 or postings + each.size <= ${MATCH_LIMITS.prefixPostings} then
      kept[#kept + 1] = each
      postings = postings + each.size
    end
  end
  return kept
end

-- Optimal string alignment: letters missing, added, exchanged, or in the wrong order.
local function distance(a, b)
  local rows = { [0] = {} }
  for j = 0, #b do rows[0][j] = j end
  for i = 1, #a do
    local row = { [0] = i }
    for j = 1, #b do
      local cost = a[i] == b[j] and 0 or 1
      local best = math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost)
      if i > 1 and j > 1 and a[i] == b[j - 1] and a[i - 1] == b[j] then best = math.min(best, rows[i - 2][j - 2] + 1) end
      row[j] = best
    end
    rows[i] = row
  end
  return rows[#a][#b]
end

local function lettersOf(word)
  local letters = {}
  for char in string.gmatch(word, '[%z\\1-\\127\\194-\\244][\\128-\\191]*') do letters[#letters + 1] = char end
  return letters
end

local function alike(base, word)
  local letters = lettersOf(word)
  if #letters < ${MATCH_LIMITS.typoLetters} then return {} end
  local most = #letters < ${MATCH_LIMITS.typoTwice} and 1 or 2
  local grams = {}
  for _, gram in ipairs((trigrams(word))) do
    grams[#grams + 1] = { word = gram, size = redis.call('SCARD', base .. 'g:' .. gram) }
  end
  table.sort(grams, function(a, b) return larger(b, a) end)
  local shared, seen = {}, 0
  for _, gram in ipairs(grams) do
    seen = seen + gram.size
    if seen > ${MATCH_LIMITS.typoSeen} then break end
    for _, each in ipairs(redis.call('SMEMBERS', base .. 'g:' .. gram.word)) do shared[each] = true end
  end
  local found, nearest = {}, most
  for each in pairs(shared) do
    local others = lettersOf(each)
    if math.abs(#others - #letters) <= nearest then
      local off = distance(letters, others)
      if off < nearest then found, nearest = {}, off end
      if off == nearest then
        local factor = off == 1 and ${FACTORS.oneOff} or ${FACTORS.twoOff}
        found[#found + 1] = { word = each, size = redis.call('ZCARD', base .. 't:' .. each), factor = factor }
      end
    end
  end
  table.sort(found, larger)
  while #found > ${MATCH_LIMITS.typoKept} do found[#found] = nil end
  return found
end

-- All words found in place of one, as the best of them counts; \`among\`: only products of that zset are asked for.
local function union(base, n, found, among)
  local sets, weights = { base .. 'tmp:' .. n, #found }, {}
  for m, each in ipairs(found) do
    local set, weight = base .. 't:' .. each.word, each.factor
    if among then
      local few = base .. 'tmp:' .. n .. ':' .. m
      redis.call('ZINTERSTORE', few, 2, set, among, 'WEIGHTS', weight, 0)
      set, weight = few, 1
    end
    sets[m + 2], weights[m] = set, weight
  end
  local command = { unpack(sets) }
  command[#command + 1] = 'WEIGHTS'
  for _, weight in ipairs(weights) do command[#command + 1] = weight end
  command[#command + 1] = 'AGGREGATE'
  command[#command + 1] = 'MAX'
  redis.call('ZUNIONSTORE', unpack(command))
  if among then redis.call('UNLINK', unpack(sets, 3)) end
  return sets[1]
end

local function match(base, words, prefix, completing)
  local alternatives, keys, weights, hits = {}, {}, {}, {}
  local among
  for n, word in ipairs(words) do
    local found = {}
    if redis.call('EXISTS', base .. 't:' .. word) == 1 then found[1] = { word = word, factor = ${FACTORS.exact} } end
    if prefix and n == #words then
      for _, each in ipairs(beginningWith(base, word)) do found[#found + 1] = each end
    end
    if #found == 0 then found = alike(base, word) end
    if #found == 0 then return nil end
    for _, each in ipairs(found) do hits[#hits + 1] = each.word end
    alternatives[n] = found
    if #found == 1 then
      keys[n], weights[n] = base .. 't:' .. found[1].word, found[1].factor
      -- The rarest word bounds what the others' alternatives are worth looking for.
      if not among or redis.call('ZCARD', keys[n]) < redis.call('ZCARD', among) then among = keys[n] end
    end
  end
  for n, found in ipairs(alternatives) do
    if #found > 1 then keys[n], weights[n] = union(base, n, found, among), 1 end
  end
  local completions = completing and alternatives[#words] or {}
  local complete = {}
  for _, each in ipairs(completions) do
    if #complete == completing then break end
    local together = { #words, base .. 't:' .. each.word }
    for n = 1, #words - 1 do together[n + 2] = keys[n] end
    together[#together + 1] = 'LIMIT'
    together[#together + 1] = 1
    if redis.call('ZINTERCARD', unpack(together)) > 0 then complete[#complete + 1] = each.word end
  end
  local inter = { base .. 'tmp:x', #words + 1 }
  for n = 1, #words do inter[#inter + 1] = keys[n] end
  inter[#inter + 1] = base .. 'pop'
  inter[#inter + 1] = 'WEIGHTS'
  for n = 1, #words do inter[#inter + 1] = weights[n] end
  inter[#inter + 1] = 1
  redis.call('ZINTERSTORE', unpack(inter))
  for n = 1, #words do redis.call('UNLINK', base .. 'tmp:' .. n) end
  return hits, complete
end
`;
