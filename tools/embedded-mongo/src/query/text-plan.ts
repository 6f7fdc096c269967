import { Doc } from '../bson/index.ts';
import { encodeKey, searchWords, tokenize } from '../engine/index.ts';
import type { CollectionState } from '../storage/state.ts';
import { pointAt, unionOf } from './intervals.ts';
import type { Plan } from './plan.ts';

/** The `$text` condition of a filter, if it has one that every match has to meet. */
export function textSearch(filter: Doc): Doc | null {
  for (let i = 0; i < filter.keys.length; i++) {
    const value = filter.values[i];
    if (filter.keys[i] === '$text') return value instanceof Doc ? value : null;
    if (filter.keys[i] !== '$and' || !Array.isArray(value)) continue;
    for (const clause of value) {
      const found = clause instanceof Doc ? textSearch(clause) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

/** Reads the documents that hold any of the words; phrases, excluded words and the rest are tested on them. */
export function textPlan(state: CollectionState, condition: Doc): Plan {
  const index = state.indexes.find(({ spec }) => spec.text !== null);
  const search = condition.get('$search');
  const language = index?.spec.text?.defaultLanguage ?? 'english';
  // Other languages have other stems than the index.
  const same = condition.get('$language') === undefined || condition.get('$language') === language;
  if (index === undefined || index.spec.includes !== null || typeof search !== 'string' || !same)
    return { kind: 'collection', backward: false };
  const stems = searchWords(search).flatMap((word) => tokenize(word, language));
  const ranges = unionOf(stems.map((stem) => pointAt(encodeKey(stem))));
  return { kind: 'index', index, ranges, backward: false, sorted: false, exact: false, pinned: 1, ranged: false };
}
