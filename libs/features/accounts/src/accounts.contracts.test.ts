import { describe, expect, it } from 'vitest';
import { loginInput, passwordSchema, registerInput } from './accounts.contracts.ts';
import { disableTwoFactorInput, stepUpInput } from './two-factor.contracts.ts';

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

  it('that can be chosen can be given wherever one is asked for', () => {
    const password = 'e\u0301'.repeat(128);
    expect(fits(password)).toBe(true);
    expect(loginInput.safeParse({ email: 'ada@shop.test', password }).success).toBe(true);
    expect(stepUpInput.safeParse({ password }).success).toBe(true);
    expect(disableTwoFactorInput.safeParse({ password, code: '123456' }).success).toBe(true);
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
