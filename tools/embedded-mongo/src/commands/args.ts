import { Doc, isNumber, typeName, type MaybeValue, type Value } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';

/** Fields that every command may carry. */
const GENERIC = new Set([
  '$db',
  'lsid',
  '$clusterTime',
  '$readPreference',
  'txnNumber',
  'startTransaction',
  'autocommit',
  'readConcern',
  'writeConcern',
  'comment',
  'maxTimeMS',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

/** Whether every command may carry a field of this name. */
export const isGenericField = (name: string): boolean => GENERIC.has(name);

const MAX_TIME_MS = 2147483647;

/** Refuses unknown fields of a document inside a command. @throws MongoError 40415 */
export function checkInnerFields(path: string, doc: Doc, known: ReadonlySet<string>): void {
  const unknown = doc.keys.find((key) => !known.has(key));
  if (unknown !== undefined) throw new MongoError(40415, `BSON field '${path}.${unknown}' is an unknown field.`);
}

/**
 * Refuses fields that the command does not know, so that nothing a client asks for is silently left undone.
 * @throws MongoError 40415
 */
export function checkFields(command: string, args: Doc, known: ReadonlySet<string>): void {
  for (let i = 1; i < args.keys.length; i++) {
    const key = args.keys[i] as string;
    if (!known.has(key) && !isGenericField(key)) {
      throw new MongoError(40415, `BSON field '${command}.${key}' is an unknown field.`);
    }
  }
}

const READ_PREFERENCES = new Set(['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest']);

/**
 * Checks fields that every command may carry, and answers the client's time limit in milliseconds; 0 for none. A read
 * preference finds the only node there is, whatever it prefers.
 * @throws MongoError 2, 9, 14
 */
export function checkGeneric(args: Doc): number {
  const preference = optionalDoc(args, '$readPreference', '$readPreference');
  const mode = preference?.get('mode') ?? 'primary';
  if (typeof mode !== 'string' || !READ_PREFERENCES.has(mode)) {
    throw new MongoError(9, `Could not parse $readPreference mode '${String(mode)}'`);
  }
  const given = args.get('maxTimeMS') ?? 0;
  if (!isNumber(given)) throw new MongoError(14, 'maxTimeMS must be a number');
  const limit = numberOf(given);
  if (!(limit >= 0 && limit <= MAX_TIME_MS)) {
    throw new MongoError(2, `${limit} value for maxTimeMS is out of range [0, ${MAX_TIME_MS}]`);
  }
  if (!Number.isInteger(limit)) throw new MongoError(2, 'maxTimeMS has non-integral value');
  return limit;
}

function wrongType(path: string, value: Value, expected: string): MongoError {
  return new MongoError(14, `BSON field '${path}' is the wrong type '${typeName(value)}', expected type '${expected}'`);
}

const given = (args: Doc, name: string): Value | undefined => args.get(name) ?? undefined;

/** The field as a document; undefined when absent or null. `path` names it in errors. */
export function optionalDoc(args: Doc, name: string, path: string): Doc | undefined {
  const value = given(args, name);
  if (value === undefined || value instanceof Doc) return value;
  throw wrongType(path, value, 'object');
}

/** The field as a document that has to be there. */
export function requiredDoc(args: Doc, name: string, path: string): Doc {
  const value = optionalDoc(args, name, path);
  if (value === undefined) throw new MongoError(40414, `BSON field '${path}' is missing but a required field`);
  return value;
}

/** The field as a list of documents. */
export function optionalDocs(args: Doc, name: string, path: string): readonly Doc[] | undefined {
  const value = given(args, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw wrongType(path, value, 'array');
  value.forEach((item, i) => {
    if (!(item instanceof Doc)) throw wrongType(`${path}.${i}`, item, 'object');
  });
  return value.filter((item) => item instanceof Doc);
}

/** The field as a list of documents that has to be there. */
export function requiredDocs(args: Doc, name: string, path: string): readonly Doc[] {
  const value = optionalDocs(args, name, path);
  if (value === undefined) throw new MongoError(40414, `BSON field '${path}' is missing but a required field`);
  return value;
}

export function optionalArray(args: Doc, name: string, path: string): readonly Value[] | undefined {
  const value = given(args, name);
  if (value === undefined || Array.isArray(value)) return value;
  throw wrongType(path, value, 'array');
}

export function optionalString(args: Doc, name: string, path: string): string | undefined {
  const value = given(args, name);
  if (value === undefined || typeof value === 'string') return value;
  throw wrongType(path, value, 'string');
}

export function requiredString(args: Doc, name: string, path: string): string {
  const value = optionalString(args, name, path);
  if (value === undefined) throw new MongoError(40414, `BSON field '${path}' is missing but a required field`);
  return value;
}

/** The field as a truth value; numbers count as in MongoDB's lenient booleans. */
export function optionalBoolean(args: Doc, name: string, path: string): boolean | undefined {
  const value = given(args, name);
  if (value === undefined || typeof value === 'boolean') return value;
  if (isNumber(value)) return numberOf(value) !== 0;
  throw new MongoError(
    14,
    `BSON field '${path}' is the wrong type '${typeName(value)}', expected types '[bool, long, int, decimal, double]'`,
  );
}

/** The field as a whole number. */
export function optionalInteger(args: Doc, name: string, path: string): number | undefined {
  const value = given(args, name);
  if (value === undefined) return undefined;
  if (!isNumber(value)) {
    throw new MongoError(
      14,
      `BSON field '${path}' is the wrong type '${typeName(value)}', expected types '[long, int, decimal, double]'`,
    );
  }
  return Math.trunc(numberOf(value));
}

/** A whole number that may not be negative. */
export function optionalCount(args: Doc, name: string, path: string): number | undefined {
  const value = optionalInteger(args, name, path);
  if (value !== undefined && value < 0) {
    throw new MongoError(51024, `BSON field '${name}' value must be >= 0, actual value '${value}'`);
  }
  return value;
}

/** Whether a command argument such as `{ping: 1}` or a flag means yes. */
export function isTruthy(value: MaybeValue): boolean {
  if (value === undefined || value === null || value === false) return false;
  return isNumber(value) ? numberOf(value) !== 0 : true;
}
