import type { PriceDiscount } from '@cartwright/domain-pricing';

/** A coupon's rules. Amounts in minor units of `currency`, rates in basis points. */
export interface Coupon {
  readonly id: string;
  /** Normalised, see `normalizeCouponCode`. */
  readonly code: string;
  readonly discount: PriceDiscount;
  readonly currency: string;
  readonly active: boolean;
  readonly startsAt?: Date | undefined;
  /** Exclusive: from this moment the coupon is over. */
  readonly endsAt?: Date | undefined;
  readonly totalLimit?: number | undefined;
  readonly perCustomerLimit?: number | undefined;
  /** Least sum over the eligible lines. */
  readonly minimum?: number | undefined;
  /** With `categoryIds`: lines of either are eligible. Both absent: all lines are. */
  readonly productIds?: readonly string[] | undefined;
  readonly categoryIds?: readonly string[] | undefined;
  readonly includeSaleItems: boolean;
  /** Uses so far that were not given back. */
  readonly redeemed: number;
}

/** Codes are matched without regard to case and to spaces around them. */
export function normalizeCouponCode(code: string): string {
  return code.trim().normalize('NFKC').toUpperCase();
}
