/**
 * Sets of index keys as sorted, disjoint, half-open ranges [from, to) of encoded field keys. A bound that includes a key
 * `k` at the top ends in `k + ABOVE`, which is greater than every longer key that begins with `k`.
 */
export interface Interval {
  readonly from: string;
  readonly to: string;
  /** The range holds one key only: `from`, which is whole. */
  readonly point?: boolean;
}

export type IntervalSet = readonly Interval[];

/** Greater than every byte that can follow in a key. */
export const ABOVE = '\uffff';

export const EVERYTHING: IntervalSet = [{ from: '', to: ABOVE }];
export const NOTHING: IntervalSet = [];

/** All keys that begin with these bytes. */
export const startingWith = (bytes: string): Interval => ({ from: bytes, to: bytes + ABOVE });

/** Just this key of one field, which is whole: no other key begins with it. */
export const pointAt = (key: string): Interval => ({ from: key, to: key + ABOVE, point: true });

export const isPoint = (interval: Interval): boolean => interval.point === true;

export function isEverything(set: IntervalSet): boolean {
  return set.length === 1 && set[0]?.from === '' && set[0].to === ABOVE;
}

/** Sorts ranges and joins those that touch. */
export function unionOf(intervals: readonly Interval[]): IntervalSet {
  const sorted = intervals
    .filter(({ from, to }) => from < to)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const joined: Interval[] = [];
  for (const interval of sorted) {
    const last = joined.at(-1);
    if (last === undefined || interval.from > last.to) joined.push(interval);
    else if (interval.to > last.to) joined[joined.length - 1] = { from: last.from, to: interval.to };
  }
  return joined;
}

export function intersectionOf(a: IntervalSet, b: IntervalSet): IntervalSet {
  const common: Interval[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as Interval;
    const y = b[j] as Interval;
    const from = x.from > y.from ? x.from : y.from;
    const to = x.to < y.to ? x.to : y.to;
    if (from < to) common.push(isPoint(x) ? x : isPoint(y) ? y : { from, to });
    if (x.to < y.to) i += 1;
    else j += 1;
  }
  return common;
}

/** Whether every key of `inner` is one of `outer`. */
export function isSubset(inner: IntervalSet, outer: IntervalSet): boolean {
  return inner.every((x) => outer.some((y) => y.from <= x.from && x.to <= y.to));
}

/** The same set for a descending field, whose keys have every byte inverted. */
export function inverted(set: IntervalSet, invertKey: (key: string) => string): IntervalSet {
  if (isEverything(set)) return set;
  const turn = (bound: string): string =>
    bound.endsWith(ABOVE) ? invertKey(bound.slice(0, -1)) : bound === '' ? ABOVE : invertKey(bound) + ABOVE;
  return set
    .map((interval) =>
      isPoint(interval)
        ? pointAt(invertKey(interval.from))
        : { from: interval.to === ABOVE ? '' : turn(interval.to), to: turn(interval.from) },
    )
    .reverse();
}
