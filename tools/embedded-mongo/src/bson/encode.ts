import { Doc } from './doc.ts';
import { FarDate } from './far-date.ts';
import { BsonError, MAX_DEPTH } from './errors.ts';
import { typeOf } from './value.ts';
import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Long,
  ObjectId,
  Timestamp,
  Value,
  DbPointer,
} from './value.ts';

/** The number of bytes the document takes when encoded. */
export function docSize(doc: Doc): number {
  return sizeOfDoc(doc, 1);
}

/** The number of bytes of the value alone, without its type byte and field name. */
export function valueSize(value: Value): number {
  return sizeOf(value, 1);
}

/**
 * Encodes a document.
 * @throws BsonError when it nests deeper than 180 levels or a field name holds a null byte.
 */
export function encodeDoc(doc: Doc): Buffer {
  const bytes = Buffer.allocUnsafe(sizeOfDoc(doc, 1));
  writeDoc(bytes, doc, 0);
  return bytes;
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new BsonError(`nesting exceeds the limit of ${MAX_DEPTH} levels`);
}

function utf8Length(text: string): number {
  const length = text.length;
  if (length > 48) return Buffer.byteLength(text);
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 127) return Buffer.byteLength(text);
  return length;
}

function sizeOfDoc(doc: Doc, depth: number): number {
  checkDepth(depth);
  const { keys, values } = doc;
  let size = 5;
  for (let i = 0; i < keys.length; i++) size += 2 + utf8Length(keys[i]!) + sizeOf(values[i]!, depth);
  return size;
}

function sizeOfArray(values: readonly Value[], depth: number): number {
  checkDepth(depth);
  let size = 5;
  for (let i = 0; i < values.length; i++) size += 2 + digits(i) + sizeOf(values[i]!, depth);
  return size;
}

function digits(index: number): number {
  return index < 10 ? 1 : index < 100 ? 2 : String(index).length;
}

function sizeOf(value: Value, depth: number): number {
  switch (typeof value) {
    case 'string':
      return 5 + utf8Length(value);
    case 'number':
      return Number.isInteger(value) ? 4 : 8;
    case 'boolean':
      return 1;
    default:
      if (value === null) return 0;
      if (value instanceof Doc) return sizeOfDoc(value, depth + 1);
      if (Array.isArray(value)) return sizeOfArray(value, depth + 1);
      return sizeOfScalar(value, depth);
  }
}

function sizeOfScalar(value: Value, depth: number): number {
  switch (typeOf(value)) {
    case 1:
    case 9:
    case 17:
    case 18:
      return 8;
    case 7:
      return 12;
    case 19:
      return 16;
    case 5: {
      const { position, sub_type: subtype } = value as Binary;
      return 5 + position + (subtype === 2 ? 4 : 0);
    }
    case 11: {
      const { pattern, options } = value as BSONRegExp;
      return 2 + utf8Length(pattern) + options.length;
    }
    case 12:
      return 17 + utf8Length((value as DbPointer).namespace);
    case 13:
      return 5 + utf8Length((value as Code).code);
    case 14:
      return 5 + utf8Length((value as BSONSymbol).value);
    case 15: {
      const code = value as Code;
      return 9 + utf8Length(code.code) + sizeOfDoc(scopeOf(code), depth + 1);
    }
    default:
      return 0;
  }
}

function scopeOf(code: Code): Doc {
  return code.scope instanceof Doc ? code.scope : new Doc();
}

function writeDoc(bytes: Buffer, doc: Doc, start: number): number {
  const { keys, values } = doc;
  let pos = start + 4;
  for (let i = 0; i < keys.length; i++) {
    const value = values[i]!;
    bytes[pos++] = typeOf(value);
    pos = writeCString(bytes, keys[i]!, pos);
    pos = writeValue(bytes, value, pos);
  }
  return close(bytes, start, pos);
}

function writeArray(bytes: Buffer, values: readonly Value[], start: number): number {
  let pos = start + 4;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    bytes[pos++] = typeOf(value);
    if (i < 10) {
      bytes[pos++] = 48 + i;
      bytes[pos++] = 0;
    } else {
      pos = writeCString(bytes, String(i), pos);
    }
    pos = writeValue(bytes, value, pos);
  }
  return close(bytes, start, pos);
}

function close(bytes: Buffer, start: number, pos: number): number {
  bytes[pos] = 0;
  bytes.writeInt32LE(pos + 1 - start, start);
  return pos + 1;
}

function writeText(bytes: Buffer, text: string, pos: number): number {
  const length = text.length;
  if (length <= 24) {
    let i = 0;
    for (; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) break;
      bytes[pos + i] = code;
    }
    if (i === length) return pos + length;
  }
  return pos + bytes.write(text, pos, 'utf8');
}

function writeCString(bytes: Buffer, text: string, pos: number): number {
  if (text.includes('\0')) throw new BsonError('a field name must not contain a null byte');
  const end = writeText(bytes, text, pos);
  bytes[end] = 0;
  return end + 1;
}

function writeString(bytes: Buffer, text: string, pos: number): number {
  const end = writeText(bytes, text, pos + 4);
  bytes[end] = 0;
  bytes.writeInt32LE(end - pos - 3, pos);
  return end + 1;
}

function writeValue(bytes: Buffer, value: Value, pos: number): number {
  switch (typeof value) {
    case 'string':
      return writeString(bytes, value, pos);
    case 'number':
      return Number.isInteger(value) ? bytes.writeInt32LE(value, pos) : bytes.writeDoubleLE(value, pos);
    case 'boolean':
      bytes[pos] = value ? 1 : 0;
      return pos + 1;
    default:
      if (value === null) return pos;
      if (value instanceof Doc) return writeDoc(bytes, value, pos);
      if (Array.isArray(value)) return writeArray(bytes, value, pos);
      return writeScalar(bytes, value, pos);
  }
}

function writeScalar(bytes: Buffer, value: Value, pos: number): number {
  switch (typeOf(value)) {
    case 1:
      return bytes.writeDoubleLE((value as Double).value, pos);
    case 9:
      return writeDate(bytes, value as Date, pos);
    case 17:
    case 18: {
      const { low, high } = value as Long | Timestamp;
      return bytes.writeInt32LE(high, bytes.writeInt32LE(low, pos));
    }
    case 7:
      bytes.set((value as ObjectId).id, pos);
      return pos + 12;
    case 19:
      bytes.set((value as Decimal128).bytes, pos);
      return pos + 16;
    case 5:
      return writeBinary(bytes, value as Binary, pos);
    case 11: {
      const { pattern, options } = value as BSONRegExp;
      return writeCString(bytes, options, writeCString(bytes, pattern, pos));
    }
    case 12: {
      const end = writeString(bytes, (value as DbPointer).namespace, pos);
      bytes.set((value as DbPointer).id.id, end);
      return end + 12;
    }
    case 13:
      return writeString(bytes, (value as Code).code, pos);
    case 14:
      return writeString(bytes, (value as BSONSymbol).value, pos);
    case 15: {
      const code = value as Code;
      const end = writeDoc(bytes, scopeOf(code), writeString(bytes, code.code, pos + 4));
      bytes.writeInt32LE(end - pos, pos);
      return end;
    }
    default:
      return pos;
  }
}

function writeDate(bytes: Buffer, value: Date, pos: number): number {
  if (value instanceof FarDate) return bytes.writeBigInt64LE(value.exact, pos);
  const time = value.getTime();
  if (Number.isNaN(time)) throw new BsonError('a date is outside the range that can be kept');
  const high = Math.floor(time / 4294967296);
  bytes.writeUInt32LE(time - high * 4294967296, pos);
  return bytes.writeInt32LE(high, pos + 4);
}

function writeBinary(bytes: Buffer, value: Binary, start: number): number {
  const content = value.buffer.subarray(0, value.position);
  const inner = value.sub_type === 2;
  let pos = bytes.writeInt32LE(content.length + (inner ? 4 : 0), start);
  bytes[pos++] = value.sub_type;
  if (inner) pos = bytes.writeInt32LE(content.length, pos);
  bytes.set(content, pos);
  return pos + content.length;
}
