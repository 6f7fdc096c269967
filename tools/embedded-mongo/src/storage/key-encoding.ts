import type { MaybeValue } from '../bson/index.ts';
import { encodeKey, invertKey, type Collation } from '../engine/index.ts';

const EMPTY_ARRAY = '\x03';
const EMPTY_ARRAY_INVERTED = invertKey(EMPTY_ARRAY);

/** The key of one field of an index. Encodings are prefix-free, so fields are joined by putting them side by side. */
export function encodeField(value: MaybeValue, descending: boolean, collation: Collation | undefined): string {
  const key = encodeKey(value, collation);
  return descending ? invertKey(key) : key;
}

/** An empty array is indexed as MongoDB's `undefined`, which stands before null. */
export function encodeEmptyArray(descending: boolean): string {
  return descending ? EMPTY_ARRAY_INVERTED : EMPTY_ARRAY;
}

const RID_BYTES = 6;

/** A record id as six bytes whose order is that of the ids. */
export function encodeRid(rid: number): string {
  const high = Math.floor(rid / 0x1000000);
  return String.fromCharCode(
    (high >>> 16) & 255,
    (high >>> 8) & 255,
    high & 255,
    (rid >>> 16) & 255,
    (rid >>> 8) & 255,
    rid & 255,
  );
}

/** The record id at the end of a tree key of an index that is not unique. */
export function ridOf(key: string): number {
  const at = key.length - RID_BYTES;
  const high = (key.charCodeAt(at) << 16) | (key.charCodeAt(at + 1) << 8) | key.charCodeAt(at + 2);
  const low = (key.charCodeAt(at + 3) << 16) | (key.charCodeAt(at + 4) << 8) | key.charCodeAt(at + 5);
  return high * 0x1000000 + low;
}

/** The index key without the record id behind it. */
export function withoutRid(key: string): string {
  return key.slice(0, key.length - RID_BYTES);
}
