import type { CouponRefusal, ReasonDetails } from '@cartwright/domain-errors';
import type { PriceDiscount } from '@cartwright/domain-pricing';
import type { Coupon } from './coupon.ts';

/** A cart line as far as a coupon cares. */
export interface CouponLine {
  readonly lineId: string;
  readonly productId: string;
  /** The product's categories with all their ancestors, so a coupon for a category covers its descendants. */
  readonly categoryIds: readonly string[];
  /** Unit price × quantity in minor units. */
  readonly subtotal: number;
  readonly onSale: boolean;
}

export interface CouponContext {
  readonly lines: readonly CouponLine[];
  readonly currency: string;
  readonly now: Date;
  /** Uses of this coupon by this customer that were not given back. */
  readonly redemptionsByCustomer: number;
}

export type CouponRefused = {
  [R in CouponRefusal]: { readonly ok: false; readonly reason: R; readonly details: ReasonDetails[R] | undefined };
}[CouponRefusal];

export type CouponEvaluation =
  { readonly ok: true; readonly eligibleLineIds: readonly string[]; readonly discount: PriceDiscount } | CouponRefused;

/**
 * Whether a coupon may be used on these lines now, and on which. The first rule it breaks names the refusal. The
 * counters seen here may be old by the time of redemption; the redemption itself counts again.
 */
export function evaluateCoupon(coupon: Coupon, context: CouponContext): CouponEvaluation {
  return refuseByCoupon(coupon, context) ?? evaluateLines(coupon, context);
}

function refuseByCoupon(
  coupon: Coupon,
  { now, currency, redemptionsByCustomer }: CouponContext,
): CouponRefused | undefined {
  if (!coupon.active) return refused('COUPON_INACTIVE');
  if (coupon.startsAt && now < coupon.startsAt) return refused('COUPON_NOT_STARTED', { startsAt: coupon.startsAt });
  if (coupon.endsAt && now >= coupon.endsAt) return refused('COUPON_EXPIRED', { endedAt: coupon.endsAt });
  if (coupon.currency !== currency) return refused('COUPON_WRONG_CURRENCY');
  if (coupon.totalLimit !== undefined && coupon.redeemed >= coupon.totalLimit) return refused('COUPON_LIMIT_REACHED');
  if (coupon.perCustomerLimit !== undefined && redemptionsByCustomer >= coupon.perCustomerLimit) {
    return refused('COUPON_ALREADY_USED');
  }
  return undefined;
}

function evaluateLines(coupon: Coupon, { lines }: CouponContext): CouponEvaluation {
  const eligible = lines.filter((line) => isEligible(coupon, line));
  if (eligible.length === 0) return refused('COUPON_NOT_APPLICABLE');
  const sum = eligible.reduce((running, line) => running + line.subtotal, 0);
  if (coupon.minimum !== undefined && sum < coupon.minimum) {
    return refused('COUPON_MINIMUM_NOT_MET', { minimum: { amount: coupon.minimum, currency: coupon.currency } });
  }
  return { ok: true, eligibleLineIds: eligible.map((line) => line.lineId), discount: coupon.discount };
}

function isEligible(coupon: Coupon, line: CouponLine): boolean {
  if (line.onSale && !coupon.includeSaleItems) return false;
  const { productIds = [], categoryIds = [] } = coupon;
  if (productIds.length === 0 && categoryIds.length === 0) return true;
  return productIds.includes(line.productId) || line.categoryIds.some((id) => categoryIds.includes(id));
}

function refused<R extends CouponRefusal>(
  reason: R,
  details?: ReasonDetails[R],
): Extract<CouponRefused, { reason: R }> {
  return { ok: false, reason, details } as Extract<CouponRefused, { reason: R }>;
}
