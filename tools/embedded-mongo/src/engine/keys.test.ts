import { Binary, BSONRegExp, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { Doc } from '../bson/index.ts';
import type { Value } from '../bson/index.ts';
import { createCollation } from './collation.ts';
import { compareValues } from './compare.ts';
import { encodeCompoundKey, encodeKey } from './keys.ts';

const D = (text: string): Decimal128 => Decimal128.fromString(text);
const L = (text: string): Long => Long.fromString(text);

const values: Value[] = [
  new MinKey(),
  null,
  NaN,
  D('NaN'),
  -Infinity,
  D('-1E+400'),
  D('-1E+6000'),
  -5,
  -1.5,
  D('-0.1'),
  -0.1,
  0,
  new Double(-0),
  D('0'),
  D('1E-6000'),
  5e-324,
  D('0.1'),
  0.1,
  1,
  new Double(1),
  L('1'),
  D('1.00'),
  1.5,
  D('1.5'),
  2147483647,
  L('9007199254740992'),
  new Double(9007199254740992),
  L('9007199254740993'),
  D('9007199254740993'),
  D('9007199254740993.5'),
  L('9007199254740994'),
  L('-9007199254740993'),
  L('9223372036854775807'),
  new Double(9223372036854775808),
  new Double(1e300),
  D('1E+400'),
  D('1E+6000'),
  Infinity,
  D('Infinity'),
  '',
  'a',
  'a\0',
  'a\0b',
  'A',
  'b',
  'ab',
  'é',
  '\u{1F600}',
  '\uFFFD',
  new Doc(),
  Doc.of(['a', 1]),
  Doc.of(['a', 2]),
  Doc.of(['a', 1], ['b', 1]),
  Doc.of(['b', 1]),
  Doc.of(['a', 'x']),
  [],
  [1],
  [1, 2],
  [[1]],
  ['a'],
  [null],
  [new MinKey()],
  new Binary(Buffer.from([1])),
  new Binary(Buffer.from([1, 2])),
  new Binary(Buffer.from([1]), 4),
  new ObjectId('aaaa00000000000000000001'),
  false,
  true,
  new Date('1960-01-01'),
  new Date(0),
  new Date('2020-01-01'),
  new Timestamp({ t: 1, i: 1 }),
  new BSONRegExp('a', 'i'),
  new MaxKey(),
];

describe('memcomparable keys', () => {
  it('order every pair of values as the comparison does', () => {
    for (const a of values) {
      for (const b of values) {
        const order = Math.sign(compareValues(a, b)) + 0;
        const [x, y] = [encodeKey(a), encodeKey(b)];
        expect([a, b, x < y ? -1 : x > y ? 1 : 0]).toEqual([a, b, order]);
      }
    }
  });

  it('order compound keys with descending fields', () => {
    for (const a of values) {
      for (const b of values) {
        const order = Math.sign(compareValues(b, a)) + 0;
        const [x, y] = [encodeCompoundKey([a, 1], [-1, 1]), encodeCompoundKey([b, 1], [-1, 1])];
        expect([a, b, x < y ? -1 : x > y ? 1 : 0]).toEqual([a, b, order]);
      }
    }
  });

  it('ignore accents and case by collation strength', () => {
    const one = createCollation('en', 1);
    const two = createCollation('en', 2);
    expect(encodeKey('Café', one)).toBe(encodeKey('cafe', one));
    expect(encodeKey('Café', two)).not.toBe(encodeKey('cafe', two));
    expect(encodeKey('CAFÉ', two)).toBe(encodeKey('café', two));
    const words = ['zebra', 'Äpfel', 'apple', 'Zoo', 'éclair', 'banana', 'item 2', 'item-1', '10', '9'];
    expect(words.slice().sort(two.compare)).toEqual(
      words.slice().sort(new Intl.Collator('en', { sensitivity: 'accent' }).compare),
    );
  });
});
