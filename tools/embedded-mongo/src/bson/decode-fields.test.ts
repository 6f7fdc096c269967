import { BSON, Decimal128, Long, ObjectId } from 'bson';
import { expect, it } from 'vitest';
import { decodeDoc, decodeFields } from './index.ts';

const mixed = BSON.serialize({
  text: 'abc',
  number: 5,
  fraction: 1.5,
  long: Long.fromNumber(2 ** 40),
  decimal: Decimal128.fromString('1.5'),
  id: new ObjectId('aaaa00000000000000000001'),
  list: [1, { a: 2 }],
  inner: { wanted: 1 },
  bytes: Buffer.from('xyz'),
  pattern: /^a/i,
  code: new BSON.Code('x', { a: 1 }),
  nothing: null,
  yes: true,
  at: new Date(5),
  low: new BSON.MinKey(),
  wanted: 'the last',
});

it('reads each field alone as it is read with all others', () => {
  const whole = decodeDoc(mixed);
  for (const name of whole.keys) {
    const some = decodeFields(mixed, new Set([name]));
    expect(some.keys).toEqual([name]);
    expect(some.get(name)).toEqual(whole.get(name));
  }
});

it('answers nothing for names that are missing or further within', () => {
  expect(decodeFields(mixed, new Set(['missing', 'a'])).size).toBe(0);
});

it('refuses lengths beyond the end', () => {
  const damaged = Buffer.from(mixed);
  damaged.writeInt32LE(1_000_000, damaged.indexOf('text\0') + 5);
  expect(() => decodeFields(damaged, new Set(['wanted']))).toThrow();
});
