import type { Doc, MaybeValue } from '../../bson/index.ts';
import type { Runtime } from '../expr/scope.ts';
import { encodeKey } from '../keys.ts';
import { compareValues } from '../compare.ts';
import type { Sort } from '../sort.ts';

/** Documents that share a key, sorted. */
export interface Partition {
  readonly key: MaybeValue;
  readonly docs: Doc[];
}

/** Parts documents by a key and sorts each part; the parts come in the order of their keys. */
export function partition(
  source: Iterable<Doc>,
  key: (() => MaybeValue) | undefined,
  sort: Sort | undefined,
  runtime: Runtime,
): Partition[] {
  const parts = new Map<string, { key: MaybeValue; docs: Doc[] }>();
  for (const doc of source) {
    runtime.root = doc;
    runtime.current = doc;
    const value = key?.() ?? null;
    const text = encodeKey(value, runtime.collation);
    const part = parts.get(text);
    if (part) part.docs.push(doc);
    else parts.set(text, { key: value, docs: [doc] });
  }
  const ordered = [...parts.values()].sort((a, b) => compareValues(a.key, b.key, runtime.collation));
  return ordered.map((part) => ({ key: part.key, docs: sort ? sort.sorted(part.docs) : part.docs }));
}
