import { Decimal128 } from 'bson';
import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  fromDecimal128,
  fromDouble,
  fromDoubleRounded,
  multiplyDecimals,
  parseDecimal,
  remainderDecimals,
  roundToExponent,
  toDecimal128,
  toDouble,
} from './decimal.ts';
import type { Decimal } from './decimal.ts';

const d = (text: string): Decimal => fromDecimal128(Decimal128.fromString(text));
const text = (value: Decimal): string => toDecimal128(value).toString();

describe('decimals', () => {
  it.each([
    '0',
    '-0',
    '1.50',
    '-7',
    '1E+6111',
    '1E-6176',
    '9999999999999999999999999999999999',
    'NaN',
    'Infinity',
    '-Infinity',
  ])('%s survives its 16 bytes', (literal) => {
    expect(text(d(literal))).toBe(Decimal128.fromString(literal).toString());
  });

  it('keep exponents in arithmetic as IEEE 754 does', () => {
    expect(text(addDecimals(d('1.10'), d('0.9')))).toBe('2.00');
    expect(text(multiplyDecimals(d('1.10'), d('2.00')))).toBe('2.2000');
    expect(text(divideDecimals(d('10'), d('4')))).toBe('2.5');
    expect(text(divideDecimals(d('1'), d('3')))).toBe('0.3333333333333333333333333333333333');
    expect(text(remainderDecimals(d('-7.5'), d('2')))).toBe('-1.5');
    expect(text(addDecimals(d('Infinity'), d('-Infinity')))).toBe('NaN');
  });

  it('round half to even, at 34 digits and at a place', () => {
    expect(text(roundToExponent(d('2.5'), 0))).toBe('2');
    expect(text(roundToExponent(d('3.5'), 0))).toBe('4');
    expect(text(roundToExponent(d('-2.567'), -2, 'truncate'))).toBe('-2.56');
    expect(text(roundToExponent(d('-2.1'), 0, 'floor'))).toBe('-3');
    expect(text(addDecimals(d('9999999999999999999999999999999999'), d('0.5')))).toBe(
      '1.000000000000000000000000000000000E+34',
    );
    expect(text(multiplyDecimals(d('1E+6000'), d('1E+6000')))).toBe('Infinity');
  });

  it('compare over any distance of exponents', () => {
    const ordered = [
      'NaN',
      '-Infinity',
      '-1E+6000',
      '-1',
      '-1E-6000',
      '0',
      '1E-6000',
      '0.1',
      '1',
      '1E+6000',
      'Infinity',
    ];
    ordered.forEach((a, i) => {
      ordered.forEach((b, j) => {
        expect(Math.sign(compareDecimals(d(a), d(b))) + 0).toBe(Math.sign(i - j) + 0);
      });
    });
    expect(compareDecimals(d('1.0'), d('1'))).toBe(0);
  });

  it('convert doubles exactly, and to 15 digits for arithmetic', () => {
    expect(compareDecimals(fromDouble(0.1), d('0.1'))).toBe(1);
    expect(text(fromDoubleRounded(0.1))).toBe('0.100000000000000');
    expect(text(fromDouble(3.5))).toBe('3.5');
    for (const value of [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -123.456, 1e21])
      expect(toDouble(fromDouble(value))).toBe(value);
  });

  it('parse what numbers look like and nothing else', () => {
    expect(text(parseDecimal('-1.50e3')!)).toBe('-1.50E+3');
    expect(parseDecimal('12a')).toBeUndefined();
    expect(parseDecimal('')).toBeUndefined();
  });
});
