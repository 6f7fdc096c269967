import { double } from '../bson/index.ts';
import type { MaybeValue, Value, Doc } from '../bson/index.ts';
import { MongoError } from './errors.ts';

/** Metadata that a query gives to documents. */
export type MetaName = 'textScore';

// Scores belong to the document object that matched; they go when it goes.
const textScores = new WeakMap<Doc, number>();
/** Without any search so far no document is worth a look. */
let searched = false;

export function noteTextScore(doc: Doc, score: number): void {
  searched = true;
  textScores.set(doc, score);
}

/** Gives a document that was made of another one the metadata of that one. */
export function carryMeta(from: Doc, to: Doc): void {
  if (!searched || from === to) return;
  const score = textScores.get(from);
  if (score !== undefined) textScores.set(to, score);
}

/** The metadata of a document. @throws MongoError 40218 when the query gave none. */
export function readMeta(doc: Doc, _name: MetaName): MaybeValue {
  const score = textScores.get(doc);
  if (score === undefined) throw new MongoError(40218, 'query requires text score metadata, but it is not available');
  return double(score);
}

/** Reads `{$meta: name}`; undefined for other documents. */
export function metaOf(spec: Doc): MetaName | undefined {
  return spec.size === 1 && spec.keys[0] === '$meta' ? metaName(spec.values[0]!) : undefined;
}

export function metaName(value: Value): MetaName {
  if (value === 'textScore') return value;
  throw new MongoError(17308, `Unsupported argument to $meta: ${String(value)}`);
}
