import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeOrderNumber, orderNumberFromBytes } from './index.ts';

describe('orderNumberFromBytes', () => {
  it.each([
    [[0, 0, 0, 0, 0], 'CW-00000000'],
    [[255, 255, 255, 255, 255], 'CW-ZZZZZZZZ'],
    [[0, 0, 0, 0, 1, 99], 'CW-00000001'],
    [[8, 0, 0, 0, 0], 'CW-10000000'],
  ])('encodes %j as %s', (bytes, expected) => {
    expect(orderNumberFromBytes(Uint8Array.from(bytes))).toBe(expected);
  });

  it('refuses too few bytes', () => {
    expect(() => orderNumberFromBytes(new Uint8Array(4))).toThrowError('INVALID_INPUT');
  });

  it('gives different bytes different, readable numbers', () => {
    const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(orderNumberFromBytes(a)).toMatch(/^CW-[0-9A-HJKMNP-TV-Z]{8}$/);
        expect(orderNumberFromBytes(a) === orderNumberFromBytes(b)).toBe(a.join() === b.join());
        expect(normalizeOrderNumber(orderNumberFromBytes(a).toLowerCase())).toBe(orderNumberFromBytes(a));
        expect(normalizeOrderNumber(orderNumberFromBytes(a).slice(3))).toBe(orderNumberFromBytes(a));
      }),
    );
  });
});

describe('normalizeOrderNumber', () => {
  it.each([
    ['CW-1O1L0000', 'CW-10110000'],
    [' cw10110000 ', 'CW-10110000'],
    ['10110000', 'CW-10110000'],
    ['1011-0000', 'CW-10110000'],
    ['CW345678', 'CW-CW345678'],
    ['cw-cw34-5678', 'CW-CW345678'],
    ['CWCW345678', 'CW-CW345678'],
  ])('reads %j as %s', (input, expected) => {
    expect(normalizeOrderNumber(input)).toBe(expected);
  });

  it.each(['', 'CW-', 'CW-123', 'CW-1011000U', 'CW-101100000'])('refuses %j', (input) => {
    expect(normalizeOrderNumber(input)).toBeUndefined();
  });
});
