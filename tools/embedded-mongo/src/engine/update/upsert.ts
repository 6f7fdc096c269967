import { Doc, isRegExp } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { isOperatorDoc } from '../filter/compile.ts';

/**
 * The fields that an upsert takes from its filter: those compared for equality, also within `$and` and a single `$or`.
 * @throws MongoError NotSingleValueField when two paths overlap.
 */
export function upsertSeed(filter: Doc): Doc {
  const found = new Map<string, Value>();
  collect(filter, found);
  const paths = [...found.keys()];
  for (const path of paths) {
    const above = paths.find((other) => path.startsWith(`${other}.`));
    if (above !== undefined) {
      throw new MongoError(54, `cannot infer query fields to set, both paths '${path}' and '${above}' are matched`);
    }
  }
  let doc = new Doc();
  if (found.has('_id')) doc.set('_id', found.get('_id')!);
  for (const [path, value] of found) if (path !== '_id') doc = place(doc, path.split('.'), 0, value);
  return doc;
}

function place(doc: Doc, parts: readonly string[], at: number, value: Value): Doc {
  const part = parts[at]!;
  if (at === parts.length - 1) return doc.set(part, value);
  const child = doc.get(part);
  return doc.set(part, place(child instanceof Doc ? child.clone() : new Doc(), parts, at + 1, value));
}

function collect(filter: Doc, into: Map<string, Value>): void {
  for (let i = 0; i < filter.keys.length; i++) {
    const key = filter.keys[i]!;
    const value = filter.values[i]!;
    if (key === '$and' || (key === '$or' && Array.isArray(value) && value.length === 1)) {
      for (const clause of value as Value[]) if (clause instanceof Doc) collect(clause, into);
    } else if (!key.startsWith('$')) {
      collectField(key, value, into);
    }
  }
}

function collectField(path: string, value: Value, into: Map<string, Value>): void {
  const equal = equalityOf(value);
  if (equal === undefined) return;
  if (into.has(path)) throw new MongoError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
  into.set(path, equal);
}

function equalityOf(value: Value): Value | undefined {
  if (isRegExp(value)) return undefined;
  if (!isOperatorDoc(value)) return value;
  const equal = value.get('$eq');
  if (equal !== undefined) return equal;
  for (const operator of ['$in', '$all'] as const) {
    const list = value.get(operator);
    if (Array.isArray(list) && list.length === 1 && !isRegExp(list[0]) && !isOperatorDoc(list[0]!)) return list[0];
  }
  return undefined;
}
