import { Doc, isNumber, isRegExp, typeName, type Value } from '../bson/index.ts';
import {
  compileFilter,
  completeCollation,
  equalValues,
  MongoError,
  numberOf,
  parseCollation,
  type Collation,
} from '../engine/index.ts';
import { formatValue } from '../engine/format.ts';
import { appendTextOptions, readTextFields, refuseTextOptions } from './text-index.ts';
import type { IndexField, IndexSpec } from '../storage/index-spec.ts';

const CANNOT_CREATE_INDEX = 67;
const KNOWN = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'expireAfterSeconds',
  'partialFilterExpression',
  'collation',
  'hidden',
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  'background',
  'ns',
]);
/** MongoDB's upper limit of expireAfterSeconds. */
export const MAX_EXPIRE_SECONDS = 2147483647;

const simpleField = (path: string, descending = false): IndexField => ({ path, parts: path.split('.'), descending });

/** The unique index on _id that every collection has. */
export function idIndexSpec(collation: Value | undefined): IndexSpec {
  const definition = Doc.of(['v', 2], ['key', Doc.of(['_id', 1])], ['name', '_id_']);
  if (collation instanceof Doc) definition.append('collation', collation);
  return {
    name: '_id_',
    fields: [simpleField('_id')],
    definition,
    unique: true,
    sparse: false,
    hidden: false,
    expireAfterSeconds: null,
    collation: collation instanceof Doc ? parseCollation(collation) : undefined,
    partialFilter: null,
    text: null,
    includes: null,
  };
}

/**
 * Reads one index of createIndexes, with MongoDB's checks.
 * @throws MongoError 67, 197 and others for what is wrong or not supported.
 */
export function readIndexSpec(spec: Doc, collectionCollation: Value | undefined): IndexSpec {
  for (const key of spec.keys) {
    if (!KNOWN.has(key)) {
      throw new MongoError(
        197,
        `Error in specification ${formatValue(spec)} :: caused by :: The field '${key}' is not valid for an index specification. Specification: ${formatValue(spec)}`,
      );
    }
  }
  const key = spec.get('key');
  if (!(key instanceof Doc)) throw missingOrWrong('key', key, 'object');
  const name = spec.get('name');
  if (typeof name !== 'string') throw missingOrWrong('name', name, 'string');
  checkName(name, key);
  const version = readVersion(spec);
  const text = readTextFields(key, spec);
  if (text === null) refuseTextOptions(spec);
  const fields = text === null ? readFields(key) : [];
  if (fields.length === 1 && fields[0]?.path === '_id') checkIdIndex(spec, key);
  const unique = flag(spec, 'unique');
  const sparse = flag(spec, 'sparse');
  const hidden = flag(spec, 'hidden');
  const expireAfterSeconds = readExpiry(spec, fields);
  const partialFilter = spec.get('partialFilterExpression') ?? null;
  if (partialFilter !== null && !(partialFilter instanceof Doc)) {
    throw new MongoError(
      14,
      `The field 'partialFilterExpression' must be an object, but got ${typeName(partialFilter)}`,
    );
  }
  if (partialFilter !== null && sparse) {
    throw new MongoError(CANNOT_CREATE_INDEX, 'cannot mix "partialFilterExpression" and "sparse" options');
  }
  const given = spec.get('collation') ?? collectionCollation;
  if (given !== undefined && !(given instanceof Doc)) {
    throw new MongoError(14, `The field 'collation' must be an object, but got ${typeName(given)}`);
  }
  const collationDoc = given === undefined ? undefined : completeCollation(given);
  const collation = parseCollation(collationDoc);
  if (text !== null && (unique || expireAfterSeconds !== null)) {
    throw new MongoError(CANNOT_CREATE_INDEX, 'text indexes can be neither unique nor TTL indexes');
  }
  const shownKey = text === null ? key : Doc.of(['_fts', 'text'], ['_ftsx', 1]);
  const definition = Doc.of(['v', version], ['key', shownKey], ['name', name]);
  if (spec.has('background')) definition.append('background', flag(spec, 'background'));
  if (spec.has('unique') && name !== '_id_') definition.append('unique', unique);
  if (hidden) definition.append('hidden', true);
  if (partialFilter !== null) definition.append('partialFilterExpression', partialFilter);
  if (spec.has('sparse')) definition.append('sparse', sparse);
  const expires = spec.get('expireAfterSeconds');
  if (expires !== undefined) definition.append('expireAfterSeconds', wholeSeconds(expires));
  if (collationDoc !== undefined) definition.append('collation', collationDoc);
  if (text !== null) appendTextOptions(definition, text);
  return {
    name,
    fields,
    definition,
    unique,
    sparse,
    hidden,
    expireAfterSeconds,
    collation,
    partialFilter,
    text,
    includes: partialFilter === null ? null : partialTest(partialFilter, collation),
  };
}

function missingOrWrong(field: string, value: Value | undefined, expected: string): MongoError {
  if (value === undefined) {
    return new MongoError(9, `The '${field}' field is a required property of an index specification`);
  }
  return new MongoError(14, `The field '${field}' must be ${expected}, but got ${typeName(value)}`);
}

function checkName(name: string, key: Doc): void {
  if (name === '') throw new MongoError(CANNOT_CREATE_INDEX, 'index name cannot be empty');
  if (name === '*') throw new MongoError(2, "The index name '*' is not valid.");
  if (name !== '_id_' || (key.size === 1 && key.keys[0] === '_id')) return;
  throw new MongoError(
    2,
    `The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found key: ${formatValue(key)}`,
  );
}

/** Versions 1 and 2 differ in nothing that is kept here. */
function readVersion(spec: Doc): number {
  const version = spec.get('v') ?? 2;
  if (!isNumber(version)) throw missingOrWrong('v', version, 'a number');
  const number = numberOf(version);
  if (number === 1 || number === 2) return number;
  throw new MongoError(
    CANNOT_CREATE_INDEX,
    `Invalid index specification ${formatValue(spec)}; cannot create v:${number}`,
  );
}

function partialTest(filter: Doc, collation: Collation | undefined): (doc: Doc) => boolean {
  if (filter.has('$expr')) throw new MongoError(224, '$expr is not allowed in a partial index');
  const compiled = compileFilter(filter, { collation });
  checkPartialFilter(filter, true);
  return (doc) => compiled.matches(doc);
}

const PARTIAL_OPERATORS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$exists', '$in']);

function checkPartialFilter(filter: Doc, top: boolean): void {
  filter.keys.forEach((key, i) => {
    const value = filter.values[i];
    if (key === '$and' || (key === '$or' && top)) {
      for (const part of Array.isArray(value) ? value : []) if (part instanceof Doc) checkPartialFilter(part, top);
      return;
    }
    const operators = value instanceof Doc && value.keys[0]?.startsWith('$') ? value.keys : [];
    const supported =
      !key.startsWith('$') && !isRegExp(value) && operators.every((name) => PARTIAL_OPERATORS.has(name));
    if (!supported || (operators.includes('$exists') && !isTrue(value))) {
      throw new MongoError(
        CANNOT_CREATE_INDEX,
        `Expression not supported in partial index: ${formatValue(Doc.of([key, value ?? null]))}`,
      );
    }
  });
}

const isTrue = (value: Value | undefined): boolean => {
  const wanted = value instanceof Doc ? value.get('$exists') : undefined;
  return wanted === true || (isNumber(wanted) && numberOf(wanted) !== 0);
};

function readFields(key: Doc): IndexField[] {
  if (key.size === 0) throw new MongoError(CANNOT_CREATE_INDEX, 'Index keys cannot be an empty object');
  return key.keys.map((path, i) => {
    const direction = key.values[i];
    if (path === '' || path.split('.').includes('')) {
      throw new MongoError(CANNOT_CREATE_INDEX, 'Index keys cannot contain an empty field.');
    }
    if (path.startsWith('$') || path.includes('.$') || path === '$**' || path.endsWith('.$**')) {
      throw new MongoError(CANNOT_CREATE_INDEX, `Index key contains an illegal or unsupported field name: '${path}'`);
    }
    if (typeof direction === 'string') {
      throw new MongoError(
        CANNOT_CREATE_INDEX,
        `Index type '${direction}' is unknown or not supported by the embedded server`,
      );
    }
    if (!isNumber(direction)) {
      throw new MongoError(
        CANNOT_CREATE_INDEX,
        `Values in v:2 index key pattern cannot be of type ${typeName(direction)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      );
    }
    const number = numberOf(direction);
    if (number === 0 || Number.isNaN(number)) {
      throw new MongoError(CANNOT_CREATE_INDEX, 'Values in the index key pattern cannot be 0.');
    }
    return { path, parts: path.split('.'), descending: number < 0 };
  });
}

function checkIdIndex(spec: Doc, key: Doc): void {
  const direction = key.values[0];
  if (!isNumber(direction) || numberOf(direction) !== 1) {
    throw new MongoError(2, `The field 'key' for an _id index must be {_id: 1}, but got ${formatValue(key)}`);
  }
  for (const key of spec.keys) {
    if (!['key', 'name', 'v', 'ns', 'collation', 'background'].includes(key)) {
      throw new MongoError(
        197,
        `The field '${key}' is not valid for an _id index specification. Specification: ${formatValue(spec)}`,
      );
    }
  }
}

function flag(spec: Doc, name: string): boolean {
  const value = spec.get(name);
  if (value === undefined || value === false || value === null) return false;
  if (value === true) return true;
  if (isNumber(value)) return numberOf(value) !== 0;
  throw new MongoError(14, `The field '${name}' has value ${formatValue(value)}, which is not convertible to bool`);
}

function readExpiry(spec: Doc, fields: readonly IndexField[]): number | null {
  const value = spec.get('expireAfterSeconds');
  if (value === undefined) return null;
  if (!isNumber(value)) {
    throw new MongoError(
      CANNOT_CREATE_INDEX,
      `TTL index 'expireAfterSeconds' option must be numeric, but received a type of '${typeName(value)}'`,
    );
  }
  const seconds = numberOf(value);
  if (!(seconds >= 0 && seconds <= MAX_EXPIRE_SECONDS)) {
    throw new MongoError(
      CANNOT_CREATE_INDEX,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${seconds}`,
    );
  }
  if (fields.length > 1)
    throw new MongoError(
      CANNOT_CREATE_INDEX,
      'TTL indexes are single-field indexes, compound indexes do not support TTL',
    );
  return seconds;
}

/** Seconds are kept without their fraction. */
const wholeSeconds = (value: Value): Value =>
  isNumber(value) && !Number.isInteger(numberOf(value)) ? Math.trunc(numberOf(value)) || 0 : value;

/** Whether two index definitions ask for the same, apart from the options named. */
export function sameDefinition(a: IndexSpec, b: IndexSpec): boolean {
  const strip = (spec: IndexSpec): Doc => {
    const copy = spec.definition.clone();
    for (const key of ['name', 'v', 'hidden', 'background']) copy.delete(key);
    for (const key of ['unique', 'sparse']) if (copy.get(key) === false) copy.delete(key);
    return copy;
  };
  const x = strip(a);
  const y = strip(b);
  return x.size === y.size && x.keys.every((key) => y.has(key) && equalValues(x.get(key), y.get(key)));
}
