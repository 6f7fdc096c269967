import type { MongoError } from '../engine/index.ts';
import { duplicateKeyError } from './duplicate-key.ts';
import { extractKeys } from './index-keys.ts';
import type { IndexSpec } from './index-spec.ts';
import { indexedFields } from './indexed-fields.ts';
import { peekDocument, peekFields } from './record.ts';
import type { CollectionState } from './state.ts';

/** The error that stops a unique index from being made: two documents of the collection share a key. */
export function findDuplicate(state: CollectionState, spec: IndexSpec): MongoError | null {
  const seen = new Set<string>();
  const fields = indexedFields(spec);
  for (const record of state.records.values()) {
    for (const key of extractKeys(spec, peekFields(record, fields)).keys) {
      if (seen.has(key)) return duplicateKeyError(state.ns, spec, peekDocument(record), key);
      seen.add(key);
    }
  }
  return null;
}
