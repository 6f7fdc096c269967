import {
  allocateByLargestRemainder,
  applyBasisPoints,
  minMoney,
  money,
  sumMoney,
  zeroMoney,
} from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import type { PriceDiscount } from './types.ts';

/** A line as far as the discount cares. */
interface Discountable {
  readonly subtotal: Money;
  readonly eligible: boolean;
}

/**
 * Each line's share of the coupon, in the order of the lines. The discount is computed once on the sum of the
 * eligible lines, never exceeds it, and is allocated by largest remainder. Shipping discounts give lines nothing.
 */
export function discountLines(lines: readonly Discountable[], discount: PriceDiscount, currency: string): Money[] {
  const bases = lines.map((line) => (line.eligible ? line.subtotal : zeroMoney(currency)));
  const whole = discountOn(sumMoney(bases, currency), discount);
  return allocateByLargestRemainder(
    whole,
    bases.map((base) => base.amount),
  );
}

function discountOn(base: Money, discount: PriceDiscount): Money {
  switch (discount.kind) {
    case 'fixed':
      return minMoney(base, money(discount.amount, base.currency));
    case 'percentage': {
      const share = minMoney(base, applyBasisPoints(base, discount.basisPoints));
      return discount.maximum === undefined ? share : minMoney(share, money(discount.maximum, base.currency));
    }
    case 'free_shipping':
      return zeroMoney(base.currency);
  }
}
