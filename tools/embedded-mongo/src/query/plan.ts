import type { Doc } from '../bson/index.ts';
import type { IndexState } from '../storage/state.ts';
import type { Interval } from './intervals.ts';

/** How the documents of a query are found. */
export type Plan = CollectionScan | IndexScan | UnionScan;

export interface CollectionScan {
  readonly kind: 'collection';
  readonly backward: boolean;
}

export interface IndexScan {
  readonly kind: 'index';
  readonly index: IndexState;
  /** Ranges of tree keys, sorted and disjoint. */
  readonly ranges: readonly Interval[];
  readonly backward: boolean;
  /** The documents come in the order that the query asks for. */
  readonly sorted: boolean;
  /** The ranges tell everything the filter says: fetched documents need no test, a count needs no documents. */
  readonly exact: boolean;
  /** Leading fields pinned to single values, and whether a range follows them; for comparing plans. */
  readonly pinned: number;
  readonly ranged: boolean;
}

/** The branches of an `$or`, each by an index of its own; documents found twice count once. */
export interface UnionScan {
  readonly kind: 'union';
  readonly branches: readonly IndexScan[];
}

/** What a query asks for, as far as the choice of a plan goes. */
export interface PlanRequest {
  readonly filter: Doc;
  readonly sort: Doc | null;
  readonly hint: IndexState | 'natural' | 'reverse' | null;
  /** A limit makes plans that deliver in order more attractive. */
  readonly limited: boolean;
}
