import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { Doc } from './doc.ts';

export { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp };

/** The deprecated DBPointer type; kept so that documents that hold one survive a round trip. */
export class DbPointer {
  readonly namespace: string;
  readonly id: ObjectId;

  constructor(namespace: string, id: ObjectId) {
    this.namespace = namespace;
    this.id = id;
  }
}

/**
 * A BSON value. A JavaScript number is an int32 when it is an integer, otherwise a double; doubles with an integral
 * value (and negative zero) are `Double`, so that the type of every number is known.
 */
export type Value =
  | null
  | boolean
  | string
  | number
  | Double
  | Long
  | Decimal128
  | Date
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | MinKey
  | MaxKey
  | Code
  | BSONSymbol
  | DbPointer
  | Doc
  | Value[];

/** A value, or undefined for a field that is not there. */
export type MaybeValue = Value | undefined;

/** BSON's type numbers, as `$type` knows them. */
export const BsonType = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: 255,
  maxKey: 127,
} as const;

const TYPE_NAMES = new Map<number, string>(Object.entries(BsonType).map(([name, code]) => [code, name]));

/** The BSON type number of a value. */
export function typeOf(value: Value): number {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 16 : 1;
    case 'string':
      return 2;
    case 'boolean':
      return 8;
    default:
      return typeOfObject(value);
  }
}

function typeOfObject(value: Exclude<Value, number | string | boolean>): number {
  if (value === null) return 10;
  if (value instanceof Doc) return 3;
  if (Array.isArray(value)) return 4;
  if (value instanceof Date) return 9;
  if (value instanceof DbPointer) return 12;
  switch (value._bsontype) {
    case 'Double':
      return 1;
    case 'Long':
      return 18;
    case 'Decimal128':
      return 19;
    case 'ObjectId':
      return 7;
    case 'Binary':
      return 5;
    case 'Timestamp':
      return 17;
    case 'BSONRegExp':
      return 11;
    case 'MinKey':
      return 255;
    case 'MaxKey':
      return 127;
    case 'Code':
      return value.scope ? 15 : 13;
    default:
      return 14;
  }
}

/** The name of the value's type as `$type` answers it; `missing` for no value. */
export function typeName(value: MaybeValue): string {
  return value === undefined ? 'missing' : (TYPE_NAMES.get(typeOf(value)) ?? 'unknown');
}

/** The name of a BSON type number. */
export function typeNameOfCode(code: number): string {
  return TYPE_NAMES.get(code) ?? 'unknown';
}

/** A double in the agreed representation. */
export function double(value: number): number | Double {
  return Number.isInteger(value) ? new Double(value) : value;
}

/** The narrowest of int32, int64 and double that holds an integral JavaScript number. */
export function integer(value: number): number | Long | Double {
  if (value >= -2147483648 && value <= 2147483647) return value === 0 ? 0 : value;
  return Number.isSafeInteger(value) ? Long.fromNumber(value) : new Double(value);
}

export const isLong = (value: unknown): value is Long =>
  typeof value === 'object' && value !== null && (value as Long)._bsontype === 'Long';
export const isDouble = (value: unknown): value is Double =>
  typeof value === 'object' && value !== null && (value as Double)._bsontype === 'Double';
export const isDecimal = (value: unknown): value is Decimal128 =>
  typeof value === 'object' && value !== null && (value as Decimal128)._bsontype === 'Decimal128';
export const isObjectId = (value: unknown): value is ObjectId =>
  typeof value === 'object' && value !== null && (value as ObjectId)._bsontype === 'ObjectId';
export const isRegExp = (value: unknown): value is BSONRegExp =>
  typeof value === 'object' && value !== null && (value as BSONRegExp)._bsontype === 'BSONRegExp';
export const isTimestamp = (value: unknown): value is Timestamp =>
  typeof value === 'object' && value !== null && (value as Timestamp)._bsontype === 'Timestamp';
export const isBinary = (value: unknown): value is Binary =>
  typeof value === 'object' && value !== null && (value as Binary)._bsontype === 'Binary';

/** Any of the four number types. */
export type NumberValue = number | Double | Long | Decimal128;

/** Whether the value has one of the four number types. */
export function isNumber(value: MaybeValue): value is NumberValue {
  if (typeof value === 'number') return true;
  if (typeof value !== 'object' || value === null) return false;
  const tag = (value as { _bsontype?: string })._bsontype;
  return tag === 'Double' || tag === 'Long' || tag === 'Decimal128';
}
