import { Doc, intern } from './doc.ts';
import { FarDate } from './far-date.ts';
import { BsonError, MAX_DEPTH } from './errors.ts';
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DbPointer,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from './value.ts';
import type { Value } from './value.ts';

const KEY_SLOTS = 4096;
const KEY_LIMIT = 32;

// Field names repeat in every document; a small direct-mapped cache saves most of the string building.
const keyCache: (string | undefined)[] = new Array<string | undefined>(KEY_SLOTS);

const doubleBytes = new Uint8Array(8);
const doubleView = new Float64Array(doubleBytes.buffer);

/** A place within the bytes of a document. */
export interface Reader {
  readonly bytes: Buffer;
  pos: number;
}

/**
 * Reads one document.
 * @throws BsonError when lengths, types or terminators are wrong or the nesting is deeper than 180.
 */
export function decodeDoc(source: Uint8Array, offset = 0): Doc {
  const bytes = Buffer.isBuffer(source) ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const reader: Reader = { bytes, pos: offset };
  return readDoc(reader, bytes.length, 1);
}

export function readInt(reader: Reader, end: number): number {
  const { bytes, pos } = reader;
  if (pos + 4 > end) throw new BsonError('document ends within a number');
  reader.pos = pos + 4;
  return bytes[pos]! | (bytes[pos + 1]! << 8) | (bytes[pos + 2]! << 16) | (bytes[pos + 3]! << 24);
}

/** Reads the length of the document that begins here; answers where its terminator stands. */
export function openDocument(reader: Reader, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new BsonError(`nesting exceeds the limit of ${MAX_DEPTH} levels`);
  const start = reader.pos;
  const length = readInt(reader, limit);
  const end = start + length;
  if (length < 5 || end > limit) throw new BsonError(`invalid document length ${length}`);
  if (reader.bytes[end - 1] !== 0) throw new BsonError('document is not terminated');
  return end - 1;
}

function readDoc(reader: Reader, limit: number, depth: number): Doc {
  const end = openDocument(reader, limit, depth);
  const keys: string[] = [];
  const values: Value[] = [];
  const { bytes } = reader;
  while (reader.pos < end) {
    const type = bytes[reader.pos++]!;
    keys.push(readKey(reader, end));
    values.push(readValue(reader, type, end, depth));
  }
  if (reader.pos !== end) throw new BsonError('a value runs past its document');
  reader.pos = end + 1;
  return new Doc(keys, values);
}

function readArray(reader: Reader, limit: number, depth: number): Value[] {
  const end = openDocument(reader, limit, depth);
  const values: Value[] = [];
  const { bytes } = reader;
  while (reader.pos < end) {
    const type = bytes[reader.pos++]!;
    skipKey(reader, end);
    values.push(readValue(reader, type, end, depth));
  }
  if (reader.pos !== end) throw new BsonError('a value runs past its array');
  reader.pos = end + 1;
  return values;
}

export function skipKey(reader: Reader, end: number): void {
  const { bytes } = reader;
  let pos = reader.pos;
  while (pos < end && bytes[pos] !== 0) pos++;
  if (pos >= end) throw new BsonError('a field name is not terminated');
  reader.pos = pos + 1;
}

export function readKey(reader: Reader, end: number): string {
  const { bytes } = reader;
  const start = reader.pos;
  let pos = start;
  let hash = 0;
  while (pos < end) {
    const byte = bytes[pos]!;
    if (byte === 0) break;
    hash = (Math.imul(hash, 31) + byte) | 0;
    pos++;
  }
  if (pos >= end) throw new BsonError('a field name is not terminated');
  reader.pos = pos + 1;
  const length = pos - start;
  if (length > KEY_LIMIT) return bytes.toString('utf8', start, pos);
  const slot = (hash ^ (hash >>> 12)) & (KEY_SLOTS - 1);
  const cached = keyCache[slot];
  if (cached !== undefined && cached.length === length) {
    let i = 0;
    while (i < length && cached.charCodeAt(i) === bytes[start + i]) i++;
    if (i === length) return cached;
  }
  const key = bytes.toString('utf8', start, pos);
  // Only names of plain ASCII are cached: the comparison above is by byte.
  if (key.length !== length) return key;
  return (keyCache[slot] = intern(key));
}

function readCString(reader: Reader, end: number): string {
  const start = reader.pos;
  skipKey(reader, end);
  return reader.bytes.toString('utf8', start, reader.pos - 1);
}

function readString(reader: Reader, end: number): string {
  const length = readInt(reader, end);
  const start = reader.pos;
  const stop = start + length;
  if (length < 1 || stop > end || reader.bytes[stop - 1] !== 0) throw new BsonError(`invalid string length ${length}`);
  reader.pos = stop;
  if (length > 25) return reader.bytes.toString('utf8', start, stop - 1);
  return shortString(reader.bytes, start, stop - 1);
}

const chars = String.fromCharCode;

// Building a short ASCII text from its codes is several times faster than a call into the runtime's decoder.
function shortString(bytes: Buffer, start: number, stop: number): string {
  for (let i = start; i < stop; i++) if (bytes[i]! > 127) return bytes.toString('utf8', start, stop);
  let text = '';
  let i = start;
  for (; i + 4 <= stop; i += 4) text += chars(bytes[i]!, bytes[i + 1]!, bytes[i + 2]!, bytes[i + 3]!);
  switch (stop - i) {
    case 1:
      return text + chars(bytes[i]!);
    case 2:
      return text + chars(bytes[i]!, bytes[i + 1]!);
    case 3:
      return text + chars(bytes[i]!, bytes[i + 1]!, bytes[i + 2]!);
    default:
      return text;
  }
}

function take(reader: Reader, length: number, end: number): number {
  const start = reader.pos;
  if (length < 0 || start + length > end) throw new BsonError('document ends within a value');
  reader.pos = start + length;
  return start;
}

function readDouble(reader: Reader, end: number): number | Double {
  const start = take(reader, 8, end);
  for (let i = 0; i < 8; i++) doubleBytes[i] = reader.bytes[start + i]!;
  const value = doubleView[0]!;
  return Number.isInteger(value) ? new Double(value) : value;
}

/** Reads a value of the given BSON type; a truncated or unknown value is a BsonError. */
export function readValue(reader: Reader, type: number, end: number, depth: number): Value {
  switch (type) {
    case 0x02:
      return readString(reader, end);
    case 0x10:
      return readInt(reader, end);
    case 0x01:
      return readDouble(reader, end);
    case 0x03:
      return readDoc(reader, end, depth + 1);
    case 0x04:
      return readArray(reader, end, depth + 1);
    case 0x08: {
      const flag = reader.bytes[take(reader, 1, end)];
      if (flag !== 0 && flag !== 1) throw new BsonError('invalid boolean');
      return flag === 1;
    }
    case 0x09:
      return readDate(reader, end);
    case 0x0a:
    case 0x06:
      return null;
    case 0x07: {
      const start = take(reader, 12, end);
      return new ObjectId(reader.bytes.subarray(start, start + 12));
    }
    case 0x12: {
      const low = readInt(reader, end);
      return Long.fromBits(low, readInt(reader, end));
    }
    default:
      return readRareValue(reader, type, end, depth);
  }
}

function readDate(reader: Reader, end: number): Date {
  const low = readInt(reader, end);
  const high = readInt(reader, end);
  const date = new Date(high * 4294967296 + (low >>> 0));
  return Number.isNaN(date.getTime()) ? new FarDate((BigInt(high) << 32n) | BigInt(low >>> 0)) : date;
}

function readRareValue(reader: Reader, type: number, end: number, depth: number): Value {
  switch (type) {
    case 0x13: {
      const start = take(reader, 16, end);
      return new Decimal128(Uint8Array.prototype.slice.call(reader.bytes, start, start + 16));
    }
    case 0x05:
      return readBinary(reader, end);
    case 0x11: {
      const low = readInt(reader, end);
      return new Timestamp({ t: readInt(reader, end) >>> 0, i: low >>> 0 });
    }
    case 0x0b: {
      const pattern = readCString(reader, end);
      return new BSONRegExp(pattern, [...readCString(reader, end)].filter((c) => 'ilmsux'.includes(c)).join(''));
    }
    case 0x0d:
      return new Code(readString(reader, end));
    case 0x0e:
      return new BSONSymbol(readString(reader, end));
    case 0x0f: {
      const start = reader.pos;
      const length = readInt(reader, end);
      if (length < 14 || start + length > end) throw new BsonError('invalid length of code with scope');
      const code = readString(reader, start + length);
      return new Code(code, readDoc(reader, start + length, depth + 1));
    }
    case 0x0c: {
      const namespace = readString(reader, end);
      const start = take(reader, 12, end);
      return new DbPointer(namespace, new ObjectId(reader.bytes.subarray(start, start + 12)));
    }
    case 0xff:
      return new MinKey();
    case 0x7f:
      return new MaxKey();
    default:
      throw new BsonError(`unknown BSON type ${type}`);
  }
}

function readBinary(reader: Reader, end: number): Binary {
  const length = readInt(reader, end);
  const subtype = reader.bytes[take(reader, 1, end)]!;
  const start = take(reader, length, end);
  // Subtype 2 repeats its length inside; that inner length is kept as part of the bytes on encoding.
  if (subtype === 2 && length >= 4) return new Binary(copy(reader.bytes, start + 4, start + length), 2);
  return new Binary(copy(reader.bytes, start, start + length), subtype);
}

function copy(bytes: Buffer, start: number, stop: number): Buffer {
  return Buffer.from(bytes.subarray(start, stop));
}
