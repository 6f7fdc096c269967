import { Doc, type Value } from '../bson/index.ts';
import { MongoError } from '../engine/index.ts';
import { valuesOfKey } from './index-keys.ts';
import { encodeEmptyArray } from './key-encoding.ts';
import type { IndexSpec } from './index-spec.ts';
import { formatValue } from '../engine/format.ts';

/** The error of a unique index, in MongoDB's words; clients read `keyPattern` and `keyValue`. */
export function duplicateKeyError(ns: string, spec: IndexSpec, doc: Doc, key: string): MongoError {
  const values = valuesOfKey(spec, doc, key) ?? [];
  const keyValue = new Doc();
  spec.fields.forEach((field, i) => keyValue.append(field.path, (values[i] ?? null) as Value));
  // What an empty array is indexed as has no other way to be shown.
  const empty = spec.fields.length === 1 && key === encodeEmptyArray(spec.fields[0]?.descending === true);
  const shown = empty
    ? `${keyValue.keys[0] ?? ''}: undefined`
    : keyValue.keys.map((name, i) => `${name}: ${formatValue(keyValue.values[i] as Value)}`).join(', ');
  const chosen = spec.definition.get('collation');
  const collation = chosen === undefined ? '' : ` collation: ${formatValue(chosen)}`;
  const message = `E11000 duplicate key error collection: ${ns} index: ${spec.name}${collation} dup key: { ${shown} }`;
  return new MongoError(11000, message, { keyPattern: spec.definition.get('key'), keyValue, collation: chosen });
}
