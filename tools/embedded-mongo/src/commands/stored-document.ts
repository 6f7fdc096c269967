import { Doc, isTimestamp, ObjectId, typeName, type Value } from '../bson/index.ts';
import { compileFilter, MongoError, type Filter } from '../engine/index.ts';
import type { CommandContext } from '../server/context.ts';
import type { CollectionState } from '../storage/state.ts';
import { MAX_DOCUMENT_BYTES } from '../wire/messages.ts';
import { isTruthy } from './args.ts';
import { collationOf } from './query-args.ts';

/**
 * A document as it is stored: with an _id in front and the server's time in empty timestamps. Answers the same object
 * when nothing has to change.
 * @throws MongoError for values that can't be an _id.
 */
export function toStored(context: CommandContext, doc: Doc): Doc {
  const id = doc.get('_id');
  if (id !== undefined) checkId(id);
  const stamped = doc.values.some((value) => isTimestamp(value) && value.isZero());
  if (id !== undefined && doc.keys[0] === '_id' && !stamped) return doc;
  const stored = Doc.of(['_id', id ?? new ObjectId()]);
  doc.keys.forEach((key, i) => {
    const value = doc.values[i] as Value;
    if (key === '_id') return;
    stored.append(key, isTimestamp(value) && value.isZero() ? context.server.clock.tick() : value);
  });
  return stored;
}

function checkId(id: Value): void {
  const type = typeName(id);
  if (type === 'array' || type === 'regex' || type === 'undefined') {
    throw new MongoError(53, `The '_id' value cannot be of type ${type}`);
  }
  if (id instanceof Doc) {
    const bad = id.keys.find((key) => key.startsWith('$'));
    if (bad !== undefined) {
      throw new MongoError(52, `_id fields may not contain '$'-prefixed fields: ${bad} is not valid for storage.`);
    }
  }
}

/** @throws MongoError when the encoded document is larger than documents may be. */
export function checkSize(bytes: number, what: string): void {
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new MongoError(2, `${what} too large. size in bytes: ${bytes}, max size: ${MAX_DOCUMENT_BYTES}`);
  }
}

const validators = new WeakMap<Doc, Filter>();

/**
 * Tests a document against the collection's validator. With the level `moderate`, documents that did not pass it
 * `before` the change need not pass it afterwards.
 * @throws MongoError 121
 */
export function validate(context: CommandContext, state: CollectionState, doc: Doc, before?: Doc): void {
  const validator = state.options.get('validator');
  if (!(validator instanceof Doc) || validator.size === 0) return;
  if (isTruthy(context.args.get('bypassDocumentValidation'))) return;
  const level = state.options.get('validationLevel');
  if (level === 'off' || state.options.get('validationAction') === 'warn') return;
  let filter = validators.get(validator);
  if (filter === undefined) {
    filter = compileFilter(validator, { collation: collationOf(state, undefined) });
    validators.set(validator, filter);
  }
  if (filter.matches(doc)) return;
  if (level === 'moderate' && before !== undefined && !filter.matches(before)) return;
  const details = Doc.of(['failingDocumentId', doc.get('_id') ?? null], ['details', Doc.of(['validator', validator])]);
  throw new MongoError(121, 'Document failed validation', { errInfo: details });
}
