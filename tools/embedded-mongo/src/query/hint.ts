import { Doc, isNumber, type Value } from '../bson/index.ts';
import { equalValues, MongoError, numberOf } from '../engine/index.ts';
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
    const natural = naturalOrder('hint', hint);
    if (natural !== null) return natural;
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

/**
 * The way through a collection that a hint or a sort asks for by `$natural`; null when it does not.
 * @throws MongoError 2 for other directions than 1 and -1, or other fields beside it.
 */
export function naturalOrder(what: 'hint' | 'sort', doc: Doc): 'natural' | 'reverse' | null {
  if (!doc.has('$natural')) return null;
  const value = doc.get('$natural');
  const direction = isNumber(value) ? numberOf(value) : 0;
  if (doc.size > 1 || Math.abs(direction) !== 1) {
    throw new MongoError(2, `$natural ${what} cannot be set to a value other than -1 or 1.`);
  }
  return direction < 0 ? 'reverse' : 'natural';
}
