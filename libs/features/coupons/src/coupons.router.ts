import { requirePermission, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import {
  couponDetailSchema,
  couponIdInput,
  couponSchema,
  createCouponInput,
  listCouponsInput,
  listCouponsOutput,
  listRedemptionsInput,
  listRedemptionsOutput,
  removeCouponOutput,
  setCouponActiveInput,
  updateCouponInput,
} from './coupons.contracts.ts';
import type { CouponService } from './coupon-service.ts';

const target = { kind: 'coupon', field: 'id' } as const;

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
    byId: requirePermission('coupons.read')
      .input(couponIdInput)
      .output(couponDetailSchema)
      .query(({ input }) => coupons.byId(input.id)),
    redemptions: requirePermission('coupons.read', { personal: true, target })
      .input(listRedemptionsInput)
      .output(listRedemptionsOutput)
      .query(({ input }) => coupons.redemptions(input)),
    create: requirePermission('coupons.write')
      .input(withIdempotency(createCouponInput))
      .use(idempotency.optional)
      .output(couponSchema)
      .mutation(({ input }) => coupons.create(input)),
    update: requirePermission('coupons.write', { target, fields: ['code', 'active'] })
      .input(updateCouponInput)
      .output(couponSchema)
      .mutation(({ input }) => coupons.update(input)),
    remove: requirePermission('coupons.write', { target })
      .input(couponIdInput)
      .output(removeCouponOutput)
      .mutation(async ({ input }) => {
        await coupons.remove(input.id);
        return { ok: true } as const;
      }),
    setActive: requirePermission('coupons.write', { target, fields: ['active'] })
      .input(setCouponActiveInput)
      .output(couponSchema)
      .mutation(({ input }) => coupons.setActive(input.id, input.active)),
  });
}
