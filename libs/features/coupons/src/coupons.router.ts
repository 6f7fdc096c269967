import { requirePermission, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import {
  couponSchema,
  createCouponInput,
  listCouponsInput,
  listCouponsOutput,
  setCouponActiveInput,
} from './coupons.contracts.ts';
import type { CouponService } from './coupon-service.ts';

/** `admin.coupons.*` */
export function createAdminCouponsRouter({
  coupons,
  idempotency,
}: {
  coupons: CouponService;
  idempotency: Idempotency;
}) {
  return router({
    list: requirePermission('coupons.read')
      .input(listCouponsInput)
      .output(listCouponsOutput)
      .query(({ input }) => coupons.list(input)),
    create: requirePermission('coupons.write')
      .input(withIdempotency(createCouponInput))
      .use(idempotency.optional)
      .output(couponSchema)
      .mutation(({ input }) => coupons.create(input)),
    setActive: requirePermission('coupons.write', { target: { kind: 'coupon', field: 'id' }, fields: ['active'] })
      .input(setCouponActiveInput)
      .output(couponSchema)
      .mutation(({ input }) => coupons.setActive(input.id, input.active)),
  });
}
