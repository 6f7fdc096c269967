export { normalizeCouponCode } from './coupon.ts';
export type { Coupon } from './coupon.ts';
export { evaluateCoupon } from './evaluate-coupon.ts';
export type { CouponContext, CouponEvaluation, CouponLine, CouponRefused } from './evaluate-coupon.ts';
