import { Doc, type Value } from '../bson/index.ts';
import type { IndexSpec } from './index-spec.ts';
import type { CollectionState, IndexState } from './state.ts';

const known = new WeakMap<IndexSpec, ReadonlySet<string>>();
const knownOfAll = new WeakMap<readonly IndexState[], ReadonlySet<string>>();

/** The fields of the first level that decide on the keys of a document in an index. */
export function indexedFields(spec: IndexSpec): ReadonlySet<string> {
  const fields = known.get(spec);
  if (fields !== undefined) return fields;
  const found = new Set<string>();
  const paths = spec.text === null ? spec.fields.map(({ path }) => path) : [...spec.text.weights.keys()];
  for (const path of paths) found.add(firstPart(path));
  if (spec.partialFilter !== null) addFields(spec.partialFilter, found);
  known.set(spec, found);
  return found;
}

/** The fields that decide on the keys in any index of the collection. */
export function allIndexedFields({ indexes }: CollectionState): ReadonlySet<string> {
  const fields = knownOfAll.get(indexes);
  if (fields !== undefined) return fields;
  const found = new Set(indexes.flatMap(({ spec }) => [...indexedFields(spec)]));
  knownOfAll.set(indexes, found);
  return found;
}

const firstPart = (path: string): string => path.split('.', 1)[0] ?? path;

/** Filters of partial indexes name fields, or join such filters. */
function addFields(filter: Doc, found: Set<string>): void {
  filter.keys.forEach((key, i) => {
    const value: Value | undefined = filter.values[i];
    if (!key.startsWith('$')) found.add(firstPart(key));
    else if (Array.isArray(value)) for (const part of value) if (part instanceof Doc) addFields(part, found);
  });
}
