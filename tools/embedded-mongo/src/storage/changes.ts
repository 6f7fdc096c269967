import type { Doc } from '../bson/index.ts';
import { extractKeys } from './index-keys.ts';
import type { IndexSpec } from './index-spec.ts';
import { encodeRid } from './key-encoding.ts';
import { documentOf, type StoredRecord } from './record.ts';
import type { CollectionState, IndexState } from './state.ts';

/** What one write does to one index: tree keys to take out and to put in. */
export interface KeyChange {
  readonly spec: IndexSpec;
  readonly remove: readonly string[];
  readonly add: readonly string[];
  readonly multikey: readonly boolean[] | null;
}

const NONE: readonly string[] = [];

/**
 * The changes to all indexes of the collection when `before` (or nothing) becomes `after` (or nothing).
 * @throws MongoError when the new document can't be indexed.
 */
export function keyChanges(
  state: CollectionState,
  rid: number,
  before: StoredRecord | null,
  after: Doc | null,
): readonly KeyChange[] {
  return state.indexes.map((index) => keyChange(index, rid, before, after));
}

function keyChange(index: IndexState, rid: number, before: StoredRecord | null, after: Doc | null): KeyChange {
  const { spec } = index;
  if (before !== null && after !== null && isUntouched(spec, documentOf(before), after)) {
    return { spec, remove: NONE, add: NONE, multikey: null };
  }
  const suffix = spec.unique ? '' : encodeRid(rid);
  const old = before === null ? null : extractKeys(spec, documentOf(before));
  const fresh = after === null ? null : extractKeys(spec, after);
  const multikey = fresh?.multikey ?? null;
  const oldKeys = old?.keys ?? NONE;
  const newKeys = fresh?.keys ?? NONE;
  if (oldKeys.length === 1 && newKeys.length === 1 && oldKeys[0] === newKeys[0]) {
    return { spec, remove: NONE, add: NONE, multikey };
  }
  const remove = newKeys.length === 0 ? oldKeys : oldKeys.filter((key) => !newKeys.includes(key));
  const add = oldKeys.length === 0 ? newKeys : newKeys.filter((key) => !oldKeys.includes(key));
  return { spec, remove: withSuffix(remove, suffix), add: withSuffix(add, suffix).map(flat), multikey };
}

/** Updates share what they leave alone: the very same values give the same keys. */
function isUntouched(spec: IndexSpec, before: Doc, after: Doc): boolean {
  if (spec.includes !== null) return false;
  const paths = spec.text === null ? spec.fields.map(({ path }) => path) : [...spec.text.weights.keys()];
  return paths.every((path) => {
    const dot = path.indexOf('.');
    const name = dot < 0 ? path : path.slice(0, dot);
    return before.get(name) === after.get(name);
  });
}

const FLAT_BYTES = 256;
const flatBytes = Buffer.allocUnsafeSlow(FLAT_BYTES);

/**
 * The same key as one piece of memory. A text put together from parts keeps its parts, and what joins them, alive: about
 * as much again as the key itself, for as long as the key is in a tree.
 */
function flat(key: string): string {
  if (key.length > FLAT_BYTES) return key;
  return flatBytes.toString('latin1', 0, flatBytes.write(key, 0, 'latin1'));
}

function withSuffix(keys: readonly string[], suffix: string): readonly string[] {
  return suffix === '' || keys.length === 0 ? keys : keys.map((key) => key + suffix);
}
