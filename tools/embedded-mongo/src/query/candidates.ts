import { invertKey, numberOf, type Collation } from '../engine/index.ts';
import { Doc, isNumber, type Value } from '../bson/index.ts';
import type { IndexField, IndexSpec } from '../storage/index-spec.ts';
import type { IndexState } from '../storage/state.ts';
import { filterBounds, keysOfPath, type FilterBounds } from './filter-bounds.ts';
import { EVERYTHING, inverted, isEverything, isPoint, isSubset, type Interval } from './intervals.ts';
import { encodeKey } from '../engine/index.ts';
import type { IndexScan } from './plan.ts';

/** More ranges than this are not worth keeping apart: the rest of the filter is tested on documents. */
const MAX_RANGES = 1000;

const NULL_KEY = encodeKey(null);

/** Whether the query's string order is the index's. */
export function sameCollation(a: Collation | undefined, b: Collation | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.locale === b.locale && a.strength === b.strength;
}

/** The way through one index for a filter and a sort; null when the index may miss documents. */
export function indexCandidate(
  index: IndexState,
  conditions: FilterBounds,
  sort: Doc | null,
  collation: Collation | undefined,
): IndexScan | null {
  const { spec } = index;
  if (spec.text !== null) return null;
  if (!sameCollation(spec.collation, collation)) return null;
  if (!servesPartial(spec, conditions, collation)) return null;
  let prefixes: string[] = [''];
  let ranges: Interval[] | null = null;
  let pinned = 0;
  let multikeyUsed = false;
  let presenceProven = false;
  let exact = conditions.complete;
  const pinnedPaths = new Set<string>();
  const usedPaths = new Set<string>();
  let fieldsServed = 0;
  for (let i = 0; i < spec.fields.length; i++) {
    const field = spec.fields[i] as IndexField;
    const multikey = index.multikey[i] === true;
    if (field.parts.some((part) => /^\d+$/.test(part))) break;
    const found = keysOfPath(conditions.bounds, field.path, multikey);
    const keys = multikey && multikeyUsed ? EVERYTHING : found.keys;
    if (isEverything(keys)) break;
    multikeyUsed ||= multikey;
    exact &&= found.exact;
    usedPaths.add(field.path);
    fieldsServed = i + 1;
    if (!containsNull(keys)) presenceProven = true;
    const turned = field.descending ? inverted(keys, invertKey) : keys;
    if (turned.every(isPoint) && turned.length * prefixes.length <= MAX_RANGES) {
      prefixes = prefixes.flatMap((prefix) => turned.map((point) => prefix + point.from));
      if (turned.length === 1) pinnedPaths.add(field.path);
      pinned += 1;
    } else {
      ranges = prefixes.flatMap((prefix) => turned.map(({ from, to }) => ({ from: prefix + from, to: prefix + to })));
      break;
    }
  }
  if (spec.sparse && !presenceProven) return null;
  if (conditions.bounds.some((bound) => !usedPaths.has(bound.path))) exact = false;
  const order = sortDirection(index, sort, pinnedPaths);
  if (fieldsServed === 0 && order === null) return null;
  const whole = prefixes.length === 1 && prefixes[0] === '';
  return {
    kind: 'index',
    index,
    ranges: ranges ?? (whole ? EVERYTHING : prefixes.map((prefix) => ({ from: prefix, to: `${prefix}\uffff` }))),
    backward: order === 'backward',
    sorted: order !== null,
    exact: exact && !spec.sparse && spec.partialFilter === null,
    pinned,
    ranged: ranges !== null,
  };
}

const containsNull = (keys: readonly Interval[]): boolean =>
  keys.some((interval) => interval.from <= NULL_KEY && NULL_KEY < interval.to);

/** Which way the index has to be read to deliver the order, or null when it can't. No sort is any order. */
function sortDirection(
  index: IndexState,
  sort: Doc | null,
  pinned: ReadonlySet<string>,
): 'forward' | 'backward' | null {
  if (sort === null || sort.size === 0) return 'forward';
  const { fields } = index.spec;
  let at = 0;
  let direction: 'forward' | 'backward' | null = null;
  for (let i = 0; i < sort.keys.length; i++) {
    const path = sort.keys[i] as string;
    const wanted = directionOf(sort.values[i] as Value);
    if (wanted === null) return null;
    if (pinned.has(path) && !isMultikey(index, path)) continue;
    while (at < fields.length && fields[at]?.path !== path && pinned.has((fields[at] as IndexField).path)) at += 1;
    const field = fields[at];
    if (field === undefined || field.path !== path || index.multikey[at] === true) return null;
    const step = field.descending === wanted < 0 ? 'forward' : 'backward';
    if (direction !== null && direction !== step) return null;
    direction = step;
    at += 1;
  }
  return direction ?? 'forward';
}

const directionOf = (value: Value): number | null => (isNumber(value) ? numberOf(value) : null);

const isMultikey = (index: IndexState, path: string): boolean =>
  index.multikey[index.spec.fields.findIndex((field) => field.path === path)] === true;

/** Whether the filter only asks for documents that a partial index holds. */
function servesPartial(spec: IndexSpec, conditions: FilterBounds, collation: Collation | undefined): boolean {
  if (spec.partialFilter === null) return true;
  return impliesAll(spec.partialFilter, conditions, collation);
}

function impliesAll(partial: Doc, conditions: FilterBounds, collation: Collation | undefined): boolean {
  return partial.keys.every((key, i) => {
    const value = partial.values[i] as Value;
    if (key === '$and' && Array.isArray(value)) {
      return value.every((part) => part instanceof Doc && impliesAll(part, conditions, collation));
    }
    if (key === '$or' && Array.isArray(value)) {
      return value.some((part) => part instanceof Doc && impliesAll(part, conditions, collation));
    }
    if (!(value instanceof Doc) || !value.keys[0]?.startsWith('$')) {
      return impliesCondition(key, Doc.of(['$eq', value]), conditions, collation);
    }
    return value.keys.every((operator, j) =>
      impliesCondition(key, Doc.of([operator, value.values[j] as Value]), conditions, collation),
    );
  });
}

/** The first byte of the keys of the types that a partial index may ask for by name. */
const TYPE_SAMPLES = new Map<string, Value>([
  ['string', ''],
  ['number', 0],
  ['bool', true],
  ['date', new Date(0)],
  ['object', new Doc()],
]);

function impliesCondition(
  path: string,
  condition: Doc,
  conditions: FilterBounds,
  collation: Collation | undefined,
): boolean {
  const operator = condition.keys[0];
  const argument = condition.values[0] as Value;
  const onPath = conditions.bounds.filter((bound) => bound.path === path);
  if (operator === '$exists') return onPath.some((bound) => !containsNull(bound.keys));
  if (operator === '$type') {
    const sample = typeof argument === 'string' ? TYPE_SAMPLES.get(argument) : undefined;
    if (sample === undefined) return false;
    const type = encodeKey(sample).slice(0, 1);
    return onPath.some((bound) => bound.keys.length > 0 && isSubset(bound.keys, [{ from: type, to: `${type}\uffff` }]));
  }
  const wanted = filterBounds(Doc.of([path, condition]), collation).bounds[0];
  // The keys have to tell all of the condition: those of a whole array, say, are found under its first element as well.
  if (wanted === undefined || !(wanted.exact || argument === null)) return false;
  return onPath.some((bound) => isSubset(bound.keys, wanted.keys));
}
