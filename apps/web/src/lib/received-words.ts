import type { Money } from '@cartwright/sdk';
import { formatMoney } from './money.ts';

/** What the payment provider counts in other units than everybody else (https://docs.stripe.com/currencies#special-cases). */
const OTHER_UNITS = new Set(['ISK', 'UGX']);

/** Money as the provider told of it, in words: what it is where its currency is the shop's, else as it was told. */
export function receivedWords(
  { amount, currency }: { amount: number | null; currency: string | null },
  expected: Money,
): string {
  if (amount === null) return 'an unknown sum';
  if (currency === null) return `${amount} of an unknown currency`;
  const code = currency.toUpperCase();
  return code === expected.currency && !OTHER_UNITS.has(code)
    ? formatMoney({ amount, currency: code })
    : `${amount} ${code}, in the provider’s units`;
}
