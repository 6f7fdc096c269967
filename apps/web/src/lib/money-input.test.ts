import { describe, expect, it } from 'vitest';
import { currencySymbol, fractionDigits, toMajor, toMinor } from './money-input.ts';

describe('typed money', () => {
  it('follows the currency', () => {
    expect(fractionDigits('USD')).toBe(2);
    expect(fractionDigits('JPY')).toBe(0);
    expect(fractionDigits('KWD')).toBe(3);
    expect(currencySymbol('EUR')).toBe('€');
  });

  it('becomes minor units and back without losing a cent', () => {
    for (const amount of [0, 1, 1999, 123_456_789]) expect(toMinor(toMajor(amount, 'USD'), 'USD')).toBe(amount);
    expect(toMinor('19.99', 'USD')).toBe(1999);
    expect(toMinor(0.1 + 0.2, 'USD')).toBe(30);
    expect(toMinor(500, 'JPY')).toBe(500);
  });

  it('is nothing when empty or wrong', () => {
    expect(toMinor('', 'USD')).toBeUndefined();
    expect(toMinor('ten', 'USD')).toBeUndefined();
    expect(toMinor(-1, 'USD')).toBeUndefined();
    expect(toMinor(1e300, 'USD')).toBeUndefined();
  });
});
