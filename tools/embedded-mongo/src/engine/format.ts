import {
  Doc,
  isBinary,
  isDecimal,
  isDouble,
  isLong,
  isObjectId,
  isRegExp,
  isTimestamp,
  millisecondsOf,
} from '../bson/index.ts';
import type { MaybeValue, Value } from '../bson/index.ts';

/** A value as MongoDB's error messages show it. */
export function formatValue(value: MaybeValue): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Doc) return formatDoc(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(formatValue).join(', ')} ]`;
  if (value instanceof Date) return `new Date(${millisecondsOf(value)})`;
  if (isDouble(value)) return formatDouble(value.value);
  if (isLong(value) || isDecimal(value)) return value.toString();
  if (isObjectId(value)) return `ObjectId('${value.toHexString()}')`;
  if (isRegExp(value)) return `/${value.pattern}/${value.options}`;
  if (isTimestamp(value)) return `Timestamp(${value.t}, ${value.i})`;
  if (isBinary(value)) return formatBinary(value.sub_type, value.buffer.subarray(0, value.position));
  return '_bsontype' in value ? value._bsontype : 'DBPointer';
}

function formatBinary(subtype: number, bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  if (subtype === 4 && bytes.length === 16) {
    return `UUID("${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}")`;
  }
  return `BinData(${subtype}, ${hex.toUpperCase()})`;
}

export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
}

/** `{ a: 1, b: "x" }` */
export function formatDoc(doc: Doc): string {
  return doc.size === 0 ? '{}' : `{ ${doc.keys.map((key, i) => formatElement(key, doc.values[i])).join(', ')} }`;
}

/** `a: 1` */
export function formatElement(name: string, value: MaybeValue): string {
  return `${name}: ${formatValue(value)}`;
}

/** `{a: 1}`, the tighter form of some update and pipeline messages. */
export function formatTight(doc: Doc): string {
  return `{${doc.keys.map((key, i) => `${key}: ${formatTightValue(doc.values[i]!)}`).join(', ')}}`;
}

/** A value in the tighter form: dates as text, whole doubles without a fraction. */
export function formatTightValue(value: Value): string {
  if (value instanceof Doc) return formatTight(value);
  if (isDouble(value)) return String(value.value);
  if (value instanceof Date) return value.toISOString();
  if (isObjectId(value)) return value.toHexString();
  return Array.isArray(value) ? `[${value.map(formatTightValue).join(', ')}]` : formatValue(value);
}
