import { invalidInput } from '@cartwright/domain-errors';
import { addMoney, money, multiplyMoney, subtractMoney, sumMoney, zeroMoney } from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import { discountLines } from './discount.ts';
import { explain } from './steps.ts';
import { rateOf, taxOn } from './tax.ts';
import type { PricedLine, PricedShipping, Pricing, PricingInput, PricingLineInput } from './types.ts';

/**
 * The price of a cart or an order, fully explained. Discounts come off before tax, a coupon never takes more than its
 * eligible lines cost, shipping is discounted by a free-shipping coupon only, and no total goes below zero.
 * Deterministic: the same input gives the same bytes everywhere. Throws INVALID_INPUT for amounts, quantities or
 * rates that are not non-negative safe integers.
 */
export function calculatePricing(input: PricingInput): Pricing {
  const { currency } = input;
  const subtotals = input.lines.map((line) => lineSubtotal(line, currency));
  const discounts = discountShares(input, subtotals);
  const lines = input.lines.map((line, index): PricedLine => {
    const subtotal = subtotals[index] ?? zeroMoney(currency);
    const discount = discounts[index] ?? zeroMoney(currency);
    const taxed = withTax(subtotal, discount, line.taxClass, input.tax);
    return {
      lineId: line.lineId,
      unitPrice: money(line.unitPrice, currency),
      quantity: line.quantity,
      subtotal,
      discount,
      ...taxed,
    };
  });
  const shipping = priceShipping(input);
  const parts: readonly Pick<PricedLine, 'tax' | 'total'>[] = shipping ? [...lines, shipping] : lines;
  const total = sumMoney(
    parts.map((part) => part.total),
    currency,
  );
  const taxes = sumMoney(
    parts.map((part) => part.tax),
    currency,
  );
  return {
    currency,
    taxMode: input.tax.mode,
    lines,
    shipping,
    includedTax: input.tax.mode === 'inclusive' ? taxes : zeroMoney(currency),
    steps: explain({ input, lines, shipping, total }),
    total,
  };
}

function lineSubtotal(line: PricingLineInput, currency: string): Money {
  assertNonNegative(line.unitPrice, 'A unit price');
  assertNonNegative(line.quantity, 'A quantity');
  return multiplyMoney(money(line.unitPrice, currency), line.quantity);
}

function discountShares(input: PricingInput, subtotals: readonly Money[]): Money[] {
  const { discount, currency } = input;
  if (!discount) return subtotals.map(() => zeroMoney(currency));
  if (discount.kind === 'fixed') assertNonNegative(discount.amount, 'A discount');
  if (discount.kind === 'percentage') {
    assertNonNegative(discount.basisPoints, 'A discount rate');
    if (discount.maximum !== undefined) assertNonNegative(discount.maximum, 'A maximum discount');
  }
  const lines = input.lines.map((line, index) => ({
    subtotal: subtotals[index] ?? zeroMoney(currency),
    eligible: line.eligibleForCoupon,
  }));
  return discountLines(lines, discount, currency);
}

function priceShipping(input: PricingInput): PricedShipping | null {
  if (!input.shipping) return null;
  assertNonNegative(input.shipping.amount, 'A shipping price');
  const amount = money(input.shipping.amount, input.currency);
  const discount = input.discount?.kind === 'free_shipping' ? amount : zeroMoney(input.currency);
  return { amount, discount, ...withTax(amount, discount, input.shipping.taxClass, input.tax) };
}

function withTax(subtotal: Money, discount: Money, taxClass: string, rates: PricingInput['tax']) {
  const discounted = subtractMoney(subtotal, discount);
  const taxBasisPoints = rateOf(rates, taxClass);
  const tax = taxOn(discounted, taxBasisPoints, rates.mode);
  return { tax, taxBasisPoints, total: rates.mode === 'exclusive' ? addMoney(discounted, tax) : discounted };
}

function assertNonNegative(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw invalidInput(`${what} is a non-negative whole number`);
}
