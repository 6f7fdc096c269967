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

const WHY = {
  amount_mismatch: 'Another amount came in',
  currency_mismatch: 'Another currency came in',
  order_missing: 'There is no such order',
} as const;

/** What came in of a payment that fits no order, and instead of what, where there is an order. */
export function quarantineWords({
  reason,
  received,
  expected,
}: {
  reason: keyof typeof WHY;
  received: Parameters<typeof receivedWords>[0];
  expected: Money;
}): string {
  const words = `${WHY[reason]}: ${receivedWords(received, expected)}`;
  return reason === 'order_missing' ? words : `${words} instead of ${formatMoney(expected)}`;
}
