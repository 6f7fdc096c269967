import type { CouponInspection } from '@cartwright/feature-coupons';
import type { OrderInspection } from '@cartwright/feature-orders';
import type { Mongo } from '@cartwright/platform-mongo';
import { expect, it } from 'vitest';
import { createCouponsChecks } from './coupons-check.ts';

it('writes down no address of a guest while it goes through customers', async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `coupon/guest${index}@shop.test`);
  const place = (mark: string | undefined) => (mark === undefined ? 0 : Number(mark.slice('mark '.length)) + 1);
  const coupons: Partial<CouponInspection> = {
    customerIds: async (mark, limit) => ids.slice(place(mark), place(mark) + limit),
    customerMark: (id) => `mark ${ids.indexOf(id)}`,
    customers: async (wanted) =>
      wanted.map((id) => ({ id, couponId: 'coupon', customer: id.slice('coupon/'.length), count: 1, uses: 1 })),
  };
  const checks = createCouponsChecks({
    mongo: {} as Pick<Mongo, 'transaction'>,
    coupons: coupons as CouponInspection,
    orders: {} as Pick<OrderInspection, 'byIds'>,
  });
  const check = checks.find(({ name }) => name === 'coupon_customers');
  const scope = { from: new Date(0), to: new Date(0) };
  const { signal } = new AbortController();
  const first = await check?.next(undefined, scope, signal);
  expect(first).toEqual({ examined: 200, suspects: [], cursor: 'mark 199' });
  expect(await check?.next('mark 199', scope, signal)).toEqual({ examined: 50, suspects: [], cursor: null });
});
