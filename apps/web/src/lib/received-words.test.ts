import { expect, it } from 'vitest';
import { quarantineWords, receivedWords } from './received-words.ts';

const usd = { amount: 8_900, currency: 'USD' };

it.each([
  [{ amount: 5_000, currency: 'usd' }, usd, '$50.00'],
  [{ amount: 5_000, currency: 'eur' }, usd, '5000 EUR, in the provider’s units'],
  [{ amount: 5_000, currency: 'isk' }, { amount: 89, currency: 'ISK' }, '5000 ISK, in the provider’s units'],
  [{ amount: 5_000, currency: null }, usd, '5000 of an unknown currency'],
  [{ amount: null, currency: 'usd' }, usd, 'an unknown sum'],
] as const)('%o where %o were expected is %s', (received, expected, words) => {
  expect(receivedWords(received, expected)).toBe(words);
});

it('names what was expected where there is an order, and not where there is none', () => {
  const item = { received: { amount: 5_000, currency: 'usd' }, expected: { amount: 2_000, currency: 'USD' } };
  expect(quarantineWords({ ...item, reason: 'amount_mismatch' })).toBe(
    'Another amount came in: $50.00 instead of $20.00',
  );
  expect(quarantineWords({ ...item, reason: 'order_missing' })).toBe('There is no such order: $50.00');
});
