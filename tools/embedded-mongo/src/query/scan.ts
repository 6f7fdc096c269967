import type { StoredRecord } from '../storage/record.ts';
import type { CollectionState } from '../storage/state.ts';
import type { IndexScan, Plan } from './plan.ts';

/** What a scan has looked at, for explain. */
export interface ScanStats {
  keysExamined: number;
  docsExamined: number;
}

export const newStats = (): ScanStats => ({ keysExamined: 0, docsExamined: 0 });

/** The records that a plan leads to, in its order; each at most once. The filter is not tested here. */
export function* scanRecords(state: CollectionState, plan: Plan, stats: ScanStats): Generator<StoredRecord> {
  if (plan.kind === 'collection') {
    const entries = plan.backward ? state.records.entriesReversed() : state.records.entries();
    for (const [, record] of entries) {
      stats.docsExamined += 1;
      yield record;
    }
    return;
  }
  const branches = plan.kind === 'union' ? plan.branches : [plan];
  const repeats = branches.length > 1 || branches.some((branch) => branch.index.multikey.includes(true));
  const seen = repeats ? new Set<number>() : null;
  for (const branch of branches) {
    for (const rid of scanKeys(branch, stats)) {
      if (seen !== null) {
        if (seen.has(rid)) continue;
        seen.add(rid);
      }
      const record = state.records.get(rid);
      if (record === undefined) continue;
      stats.docsExamined += 1;
      yield record;
    }
  }
}

/** The record ids under the keys of an index scan, repeated when several keys lead to one record. */
export function* scanKeys(scan: IndexScan, stats: ScanStats): Generator<number> {
  const { tree } = scan.index;
  const reused: (string | number)[] = [];
  if (!scan.backward) {
    for (const { from, to } of scan.ranges) {
      for (const [key, rid] of tree.entries(from, reused)) {
        if (key >= to) break;
        stats.keysExamined += 1;
        yield rid;
      }
    }
    return;
  }
  for (let i = scan.ranges.length - 1; i >= 0; i--) {
    const range = scan.ranges[i];
    if (range === undefined) continue;
    for (const [key, rid] of tree.entriesReversed(range.to, reused, true)) {
      if (key < range.from) break;
      stats.keysExamined += 1;
      yield rid;
    }
  }
}

/** Counts the keys of a scan without looking at them one by one. */
export function countKeys(scan: IndexScan): number {
  let count = 0;
  for (const { from, to } of scan.ranges) count += scan.index.tree.forRange(from, to, false);
  return count;
}

/** As `countKeys`, but looks at `most` keys at most: what is many need not be counted to choose between plans. */
export function countKeysUpTo(scan: IndexScan, most: number): number {
  const reused: (string | number)[] = [];
  let count = 0;
  for (const { from, to } of scan.ranges) {
    for (const [key] of scan.index.tree.entries(from, reused)) {
      if (key >= to) break;
      count += 1;
      if (count >= most) return count;
    }
  }
  return count;
}

/** The number of documents a plan leads to, where the keys alone tell it; otherwise null. */
export function countByKeys(plan: Plan): number | null {
  if (plan.kind !== 'index' || !plan.exact || plan.index.multikey.includes(true)) return null;
  return countKeys(plan);
}
