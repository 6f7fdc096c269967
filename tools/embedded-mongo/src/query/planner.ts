import type { Doc } from '../bson/index.ts';
import type { Collation } from '../engine/index.ts';
import type { CollectionState } from '../storage/state.ts';
import { indexCandidate } from './candidates.ts';
import { filterBounds, type FilterBounds } from './filter-bounds.ts';
import { EVERYTHING, isPoint } from './intervals.ts';
import type { IndexScan, Plan, PlanRequest } from './plan.ts';
import { countKeysUpTo } from './scan.ts';
import { textPlan, textSearch } from './text-plan.ts';

/** From this many keys on, a plan is not cheap by its size alone. */
const MANY_KEYS = 200;

/** Chooses how to find the documents of a query. */
export function choosePlan(state: CollectionState, request: PlanRequest, collation: Collation | undefined): Plan {
  const { hint, sort } = request;
  if (hint === 'natural' || hint === 'reverse') return { kind: 'collection', backward: hint === 'reverse' };
  const words = textSearch(request.filter);
  if (words !== null) return textPlan(state, words);
  const conditions = filterBounds(request.filter, collation);
  if (hint !== null) return forcedScan(conditions, request, hint, collation);
  const candidates: IndexScan[] = [];
  for (const index of state.indexes) {
    if (index.spec.hidden) continue;
    const candidate = indexCandidate(index, conditions, sort, collation);
    if (candidate === null) continue;
    if (isSingleDocument(candidate)) return candidate;
    if (candidate.pinned > 0 || candidate.ranged || (sort !== null && candidate.sorted)) candidates.push(candidate);
  }
  if (candidates.length === 0)
    return unionPlan(state, conditions, collation) ?? { kind: 'collection', backward: false };
  return cheapest(candidates, request);
}

/** All fields of a unique index pinned: at most one document. */
function isSingleDocument(scan: IndexScan): boolean {
  const { spec } = scan.index;
  return spec.unique && scan.pinned === spec.fields.length && scan.ranges.length === 1 && scan.ranges.every(isPoint);
}

function forcedScan(
  conditions: FilterBounds,
  request: PlanRequest,
  hint: NonNullable<PlanRequest['hint']>,
  collation: Collation | undefined,
): Plan {
  if (hint === 'natural' || hint === 'reverse') return { kind: 'collection', backward: hint === 'reverse' };
  return (
    indexCandidate(hint, conditions, request.sort, collation) ??
    indexCandidate(hint, conditions, null, collation) ?? {
      kind: 'index',
      index: hint,
      ranges: EVERYTHING,
      backward: false,
      sorted: false,
      exact: false,
      pinned: 0,
      ranged: false,
    }
  );
}

function cheapest(candidates: readonly IndexScan[], request: PlanRequest): IndexScan {
  const [only, second] = candidates;
  if (second === undefined) return only as IndexScan;
  let best: { scan: IndexScan; cost: number } | null = null;
  for (const scan of candidates) {
    const cost = costOf(scan, request);
    if (best === null || cost < best.cost) best = { scan, cost };
  }
  return (best as { scan: IndexScan }).scan;
}

/** Few keys are always cheap; among plans with many keys, order and then pinned fields decide. */
function costOf(scan: IndexScan, { sort, limited }: PlanRequest): number {
  const bounded = scan.pinned > 0 || scan.ranged;
  const keys = bounded ? countKeysUpTo(scan, MANY_KEYS) : MANY_KEYS;
  const sorts = sort !== null && !scan.sorted;
  if (keys < MANY_KEYS) return keys * (sorts ? 2 : 1);
  let cost = MANY_KEYS * 10;
  if (sorts) cost += limited ? 3000 : 600;
  if (!bounded) cost += limited ? 1500 : 3000;
  cost -= scan.pinned * 400;
  if (scan.ranged) cost -= 150;
  return cost;
}

/** Every branch of an `$or` by an index. */
function unionPlan(state: CollectionState, conditions: FilterBounds, collation: Collation | undefined): Plan | null {
  for (const clauses of conditions.alternatives) {
    const branches: IndexScan[] = [];
    for (const clause of clauses) {
      const branch = bestBranch(state, clause, collation);
      if (branch === null) break;
      branches.push(branch);
    }
    if (branches.length === clauses.length) return { kind: 'union', branches };
  }
  return null;
}

function bestBranch(state: CollectionState, clause: Doc, collation: Collation | undefined): IndexScan | null {
  const conditions = filterBounds(clause, collation);
  const found: IndexScan[] = [];
  for (const index of state.indexes) {
    if (index.spec.hidden) continue;
    const candidate = indexCandidate(index, conditions, null, collation);
    if (candidate !== null && (candidate.pinned > 0 || candidate.ranged)) found.push(candidate);
  }
  if (found.length === 0) return null;
  return cheapest(found, { filter: clause, sort: null, hint: null, limited: false });
}
