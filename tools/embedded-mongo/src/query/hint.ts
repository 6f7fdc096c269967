import { Doc, type Value } from '../bson/index.ts';
import { equalValues, MongoError } from '../engine/index.ts';
import { findIndex, type CollectionState } from '../storage/state.ts';
import type { PlanRequest } from './plan.ts';

/**
 * Finds the index a hint names, by name or by key.
 * @throws MongoError 2 when there is no such index.
 */
export function resolveHint(state: CollectionState | undefined, hint: Value | undefined): PlanRequest['hint'] {
  if (hint === undefined || hint === null || state === undefined) return null;
  if (typeof hint === 'string') {
    const index = findIndex(state, hint);
    if (index !== undefined) return index;
  } else if (hint instanceof Doc) {
    if (hint.size === 0) return null;
    if (hint.keys[0] === '$natural') return hint.values[0] === -1 ? 'reverse' : 'natural';
    const index = state.indexes.find((candidate) => equalValues(candidate.spec.definition.get('key'), hint));
    if (index !== undefined) return index;
  } else {
    throw new MongoError(9, 'Hint must be a string or an object');
  }
  throw new MongoError(
    2,
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  );
}
