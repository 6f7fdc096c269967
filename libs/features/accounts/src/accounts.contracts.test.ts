import { describe, expect, it } from 'vitest';
import { passwordSchema, registerInput } from './accounts.contracts.ts';

const fits = (password: string): boolean => passwordSchema.safeParse(password).success;

describe('passwords', () => {
  it.each([
    ['seven characters', '1234567', false],
    ['eight', '12345678', true],
    ['eight pictures of two code units each', '😀'.repeat(8), true],
    ['four pictures, of eight code units', '😀'.repeat(4), false],
    ['128 of them', '😀'.repeat(128), true],
    ['129 characters', 'a'.repeat(129), false],
    ['seven letters, one with its accent apart', 'cafe\u0301abc', false],
    ['spaces and signs', 'a b c !?', true],
  ])('%s', (_what, password, expected) => {
    expect(fits(password)).toBe(expected);
  });

  it('are refused by their length before they are looked at', () => {
    expect(fits('e\u0301'.repeat(1_000_000))).toBe(false);
  });
});

it('objects, operators and unknown fields are no input', () => {
  const good = { email: 'ada@shop.test', password: '12345678', name: 'Ada' };
  expect(registerInput.safeParse(good).success).toBe(true);
  for (const bad of [{ email: { $ne: null } }, { password: { $gt: '' } }, { role: 'admin' }, { emailVerified: true }]) {
    expect(registerInput.safeParse({ ...good, ...bad }).success).toBe(false);
  }
});
