import type { Doc, MaybeValue } from '../bson/index.ts';
import { compileFilter, compileSort, MongoError, searchesText, type Collation, type Filter } from '../engine/index.ts';
import { documentOf, peekDocument, type StoredRecord } from '../storage/record.ts';
import type { CollectionState } from '../storage/state.ts';
import { naturalOrder } from './hint.ts';
import type { Plan, PlanRequest } from './plan.ts';
import { choosePlan } from './planner.ts';
import { newStats, scanRecords, type ScanStats } from './scan.ts';

/** A query on one collection. */
export interface RecordQuery {
  readonly filter: Doc;
  readonly sort: Doc | null;
  readonly hint: PlanRequest['hint'];
  readonly collation: Collation | undefined;
  /** Documents wanted at most, skipped ones included; Infinity for all. */
  readonly limit: number;
  readonly let: Doc | undefined;
  readonly now: Date;
  /** When to give up, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** A query that is ready to run. */
export interface PreparedQuery {
  readonly plan: Plan;
  readonly stats: ScanStats;
  readonly filter: Filter;
  /** Whether the plan delivers the order by itself. */
  readonly ordered: boolean;
  /** The matching records, in order. */
  records(): Generator<StoredRecord>;
}

/** Documents looked at between two looks at the clock. */
const DEADLINE_STEP = 1024;

/** Compiles and plans a query. @throws MongoError for filters and sorts that are not valid. */
export function prepareQuery(state: CollectionState | undefined, query: RecordQuery): PreparedQuery {
  const text = state?.indexes.find(({ spec }) => spec.text !== null)?.spec.text ?? undefined;
  const filter = compileFilter(query.filter, { collation: query.collation, now: query.now, let: query.let, text });
  const natural = query.sort === null ? null : naturalOrder('sort', query.sort);
  const sort = query.sort !== null && query.sort.size > 0 && natural === null ? query.sort : null;
  const compiledSort = sort === null ? null : compileSort(sort, query.collation);
  const stats = newStats();
  const request: PlanRequest = {
    filter: query.filter,
    sort,
    hint: natural ?? query.hint,
    limited: query.limit !== Infinity,
  };
  const plan: Plan =
    state === undefined ? { kind: 'collection', backward: false } : choosePlan(state, request, query.collation);
  const ordered = sort === null || (plan.kind === 'index' && plan.sorted);
  const tested = !(plan.kind === 'index' && plan.exact) && query.filter.size > 0;

  const passing = plan.kind === 'collection';
  const scored = searchesText(query.filter);

  /** A match with a document of its own: its score is this query's, whatever others find of the same record. */
  function scoredMatch(record: StoredRecord): StoredRecord | null {
    const own: StoredRecord = { ...record, doc: peekDocument(record).clone() };
    return filter.matches(documentOf(own)) ? own : null;
  }

  function* matching(): Generator<StoredRecord> {
    if (state === undefined) return;
    let until = DEADLINE_STEP;
    for (const record of scanRecords(state, plan, stats)) {
      if (--until === 0) {
        until = DEADLINE_STEP;
        if (Date.now() > query.deadline) throw new MongoError(50, 'operation exceeded time limit');
      }
      if (scored) {
        const own = scoredMatch(record);
        if (own !== null) yield own;
      } else if (!tested) yield record;
      else if (!passing || record.doc !== null) {
        if (filter.matches(documentOf(record))) yield record;
      } else {
        // Kept only when it is asked for; a pass over everything would push out what the cache holds for good reason.
        const doc = peekDocument(record);
        if (!filter.matches(doc)) continue;
        record.doc = doc;
        record.cache.keep(record);
        yield record;
      }
    }
  }

  return {
    plan,
    stats,
    filter,
    ordered,
    records() {
      if (ordered || compiledSort === null) return matching();
      return sortRecords(matching(), compiledSort, query.limit);
    },
  };
}

interface Entry {
  readonly record: StoredRecord;
  readonly keys: readonly MaybeValue[];
  readonly order: number;
}

/** Sorts records, keeping the order of equal ones; with a limit only the first ones are kept while reading. */
function* sortRecords(
  records: Iterable<StoredRecord>,
  sort: ReturnType<typeof compileSort>,
  limit: number,
): Generator<StoredRecord> {
  const compare = (a: Entry, b: Entry): number => sort.compareKeys(a.keys, b.keys) || a.order - b.order;
  const capacity = limit * 2 + 64;
  let entries: Entry[] = [];
  let worst: Entry | undefined;
  let order = 0;
  for (const record of records) {
    const entry: Entry = { record, keys: sort.keysOf(peekDocument(record)), order: order++ };
    if (worst !== undefined && sort.compareKeys(entry.keys, worst.keys) >= 0) continue;
    entries.push(entry);
    if (entries.length >= capacity) {
      entries = entries.sort(compare).slice(0, limit);
      worst = entries[limit - 1];
    }
  }
  entries.sort(compare);
  for (let i = 0; i < entries.length && i < limit; i++) yield (entries[i] as Entry).record;
}
