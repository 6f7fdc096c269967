import { currencyInfo, money, type Money } from '@cartwright/domain-money';

/** An amount as Stripe takes it: some currencies without decimals are sent with two (docs.stripe.com/currencies). */
export function toStripeAmount(value: Money): number {
  const amount = value.amount * currencyInfo(value.currency).stripeFactor;
  if (!Number.isSafeInteger(amount)) throw new RangeError('The amount is too large for Stripe.');
  return amount;
}

export function toStripeCurrency(currency: string): string {
  return currency.toLowerCase();
}

/**
 * Money out of an amount that Stripe sent. Throws INVALID_INPUT for a currency the shop doesn't know, and a RangeError
 * for an amount that no price of ours can have led to (a part of a króna).
 */
export function fromStripeAmount(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const { stripeFactor } = currencyInfo(code);
  if (amount % stripeFactor !== 0) throw new RangeError(`Stripe sent ${amount} ${code}, which is not a whole amount.`);
  return money(amount / stripeFactor, code);
}
