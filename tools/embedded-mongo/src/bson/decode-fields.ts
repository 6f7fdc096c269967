import { Doc } from './doc.ts';
import { BsonError } from './errors.ts';
import { openDocument, readInt, readKey, readValue, skipKey, type Reader } from './decode.ts';

/** Bytes of the types whose values have one and the same length. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  0x01: 8,
  0x06: 0,
  0x07: 12,
  0x08: 1,
  0x09: 8,
  0x0a: 0,
  0x10: 4,
  0x11: 8,
  0x12: 8,
  0x13: 16,
  0x7f: 0,
  0xff: 0,
};

/**
 * Reads some fields of a document, named on its first level, and passes over the rest: several times faster than reading
 * it whole where a few fields tell everything.
 * @throws BsonError when what is read is damaged.
 */
export function decodeFields(source: Uint8Array, names: ReadonlySet<string>): Doc {
  const bytes = Buffer.isBuffer(source) ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const reader: Reader = { bytes, pos: 0 };
  const end = openDocument(reader, bytes.length, 1);
  const doc = new Doc();
  while (reader.pos < end && doc.size < names.size) {
    const type = bytes[reader.pos++]!;
    const key = readKey(reader, end);
    if (names.has(key)) doc.append(key, readValue(reader, type, end, 1));
    else skipValue(reader, type, end);
  }
  return doc;
}

function skipValue(reader: Reader, type: number, end: number): void {
  const start = reader.pos;
  const fixed = FIXED_BYTES[type];
  if (fixed !== undefined) reader.pos = start + fixed;
  else if (type === 0x03 || type === 0x04 || type === 0x0f) reader.pos = start + readInt(reader, end);
  else if (type === 0x0b) {
    skipKey(reader, end);
    skipKey(reader, end);
  } else {
    // A text, code, symbol, binary or pointer: its length, then that many bytes and what goes with them.
    const length = readInt(reader, end);
    reader.pos += length + (type === 0x05 ? 1 : type === 0x0c ? 12 : 0);
  }
  if (reader.pos < start || reader.pos > end) throw new BsonError('a value runs past its document');
}
