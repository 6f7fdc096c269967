export * from './coupons.contracts.ts';
export { createCouponModels } from './coupon.model.ts';
export type { CouponModels } from './coupon.model.ts';
export { createCouponInspection } from './coupon-inspection-repository.ts';
export type {
  CouponInspection,
  InspectedCoupon,
  InspectedCustomer,
  InspectedUse,
} from './coupon-inspection-repository.ts';
export { createCouponRepository } from './coupon-repository.ts';
export type { CouponRepository } from './coupon-repository.ts';
export { createCouponService } from './coupon-service.ts';
export type { CouponAnswer, CouponQuery, CouponService, Redemption, UsableCoupon } from './coupon-service.ts';
export { couponJobs, createCouponProcessors, sweepCouponsJob } from './coupons.jobs.ts';
export { createAdminCouponsRouter } from './coupons.router.ts';
