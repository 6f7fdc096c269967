import {
  BSON,
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson';
import { describe, expect, it } from 'vitest';
import { BsonError, decodeDoc, Doc, docSize, encodeDoc } from './index.ts';
import type { Value } from './index.ts';

const sample = {
  int: new Int32(-5),
  double: new Double(1),
  fraction: 1.25,
  negativeZero: new Double(-0),
  long: Long.fromString('9007199254740993'),
  decimal: Decimal128.fromString('1.10'),
  text: 'é\u{1F600} and a longer text that goes through the other path',
  empty: '',
  yes: true,
  nothing: null,
  id: new ObjectId('aaaa00000000000000000001'),
  binary: new Binary(Buffer.from([1, 2])),
  uuid: new UUID('00000000-0000-4000-8000-000000000001'),
  at: new Date('1950-01-01'),
  stamp: new Timestamp({ t: 5, i: 1 }),
  pattern: new BSONRegExp('^a', 'im'),
  code: new Code('x'),
  scoped: new Code('x', { a: 1 }),
  low: new MinKey(),
  high: new MaxKey(),
  nested: { z: 1, a: [1, [2, { b: 'c' }], ...Array.from({ length: 120 }, (_, i) => i)] },
};

describe('the BSON codec', () => {
  it('gives back the bytes it read, for every type', () => {
    const bytes = BSON.serialize(sample, { ignoreUndefined: false });
    const doc = decodeDoc(bytes);
    expect(docSize(doc)).toBe(bytes.length);
    expect(Buffer.compare(encodeDoc(doc), bytes)).toBe(0);
  });

  it('keeps field order and names that objects treat specially', () => {
    const doc = Doc.of(['z', 1], ['10', 2], ['2', 3], ['__proto__', 'x']);
    expect(decodeDoc(encodeDoc(doc)).keys).toEqual(['z', '10', '2', '__proto__']);
  });

  it('answers every cut or altered document with an error or a document, never a crash', () => {
    const bytes = Buffer.from(BSON.serialize(sample));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeDoc(bytes.subarray(0, length))).toThrow(BsonError);
    }
    for (let i = 0; i < bytes.length; i++) {
      const broken = Buffer.from(bytes);
      broken[i] = (broken[i]! + 129) & 255;
      try {
        decodeDoc(broken);
      } catch (error) {
        expect(error).toBeInstanceOf(BsonError);
      }
    }
  });

  it('refuses documents that nest too deep', () => {
    const nest = (depth: number): Doc => {
      let value: Value = 1;
      for (let i = 0; i < depth; i++) value = Doc.of(['a', value]);
      return value as Value as Doc;
    };
    expect(() => encodeDoc(nest(181))).toThrow(BsonError);
    expect(decodeDoc(encodeDoc(nest(180))).size).toBe(1);
  });
});
