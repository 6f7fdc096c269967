import type { CouponInspection, InspectedCoupon, InspectedCustomer, InspectedUse } from '@cartwright/feature-coupons';
import type { Order, OrderInspection } from '@cartwright/feature-orders';
import type { Mongo } from '@cartwright/platform-mongo';
import { createWalk } from '../check.ts';
import type { Difference } from '../difference.ts';

export interface UseFacts {
  readonly id: string;
  readonly use: InspectedUse;
  readonly order: Pick<Order, 'number' | 'coupon' | 'hold' | 'paidAt' | 'settlement'> | undefined;
}

/** A coupon counts as many uses as were recorded, and so do its customers together. */
export function judgeCoupon({ id: couponId, code: couponCode, redeemed, byCustomers, uses }: InspectedCoupon) {
  const subject = { couponId, couponCode };
  const found: Difference[] = [];
  if (redeemed !== uses) {
    found.push({
      kind: 'coupon_uses',
      subject,
      expected: String(uses),
      found: String(redeemed),
      text: `The coupon ${couponCode} counts other uses than were recorded.`,
    });
  }
  if (byCustomers !== uses) {
    found.push({
      kind: 'coupon_customers',
      subject,
      expected: String(uses),
      found: String(byCustomers),
      text: `The customers of the coupon ${couponCode} count other uses than were recorded.`,
    });
  }
  return found;
}

/** A customer's count of a coupon is that of the recorded uses. */
export function judgeCouponCustomer({ couponId, customer, count, uses }: InspectedCustomer): Difference[] {
  if (count === uses) return [];
  // A guest is known by an address, which doesn't belong into reports.
  const isUser = !customer.includes('@');
  return [
    {
      kind: 'coupon_customer_uses',
      subject: { couponId, ...(isUser ? { customerId: customer } : {}) },
      expected: String(uses),
      found: String(count),
      text: `${isUser ? 'A customer' : 'A guest'} counts other uses of a coupon than were recorded.`,
    },
  ];
}

/** A use belongs to an order with that coupon, which holds or was paid; and one that was given back to one that does not. */
export function judgeCouponUse({ use, order }: UseFacts): Difference[] {
  const { orderId, couponId, code: couponCode, status, isCounted } = use;
  const subject = { orderId, couponId, couponCode, ...(order ? { orderNumber: order.number } : {}) };
  const found: Difference[] = [];
  if (order?.coupon?.couponId !== couponId) {
    found.push({
      kind: 'coupon_use_without_order',
      subject,
      expected: 'an order with this coupon',
      found: order ? 'an order without it' : 'no order',
      text: `A use of the coupon ${couponCode} belongs to no order.`,
    });
    return found;
  }
  const isPaid = order.paidAt !== undefined;
  if (status === 'redeemed' && order.hold !== 'held' && !isPaid) {
    found.push({
      kind: 'coupon_use_kept',
      subject,
      expected: 'given back',
      found: 'redeemed',
      text: `The order holds nothing and was not paid, and keeps its use of the coupon ${couponCode}.`,
    });
  }
  // One to be paid on delivery that was looked at after a ban holds its goods anew, at the price that was agreed.
  if (status === 'given_back' && order.hold === 'held' && !isPaid && order.settlement === 'prepaid') {
    found.push({
      kind: 'coupon_use_missing',
      subject,
      expected: 'redeemed',
      found: 'given back',
      text: `The order waits to be paid with the coupon ${couponCode}, whose use was given back.`,
    });
  }
  if (status === 'redeemed' && !isCounted) {
    found.push({
      kind: 'coupon_use_uncounted',
      subject,
      expected: 'a count of the customer',
      found: 'none',
      text: `The use of the coupon ${couponCode} is not counted for its customer.`,
    });
  }
  return found;
}

/** Coupons, with the records of their uses and with orders. */
export function createCouponsChecks({
  mongo,
  coupons,
  orders,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  coupons: CouponInspection;
  orders: Pick<OrderInspection, 'byIds'>;
}) {
  return [
    createWalk<InspectedCoupon>({
      mongo,
      name: 'coupons',
      ids: coupons.couponIds,
      load: coupons.coupons,
      judge: judgeCoupon,
    }),
    createWalk<InspectedCustomer>({
      mongo,
      name: 'coupon_customers',
      ids: coupons.customerIds,
      markOf: coupons.customerMark,
      load: coupons.customers,
      judge: judgeCouponCustomer,
    }),
    createWalk<UseFacts>({
      mongo,
      name: 'coupon_uses',
      ids: coupons.useIds,
      async load(ids, tx) {
        const uses = await coupons.uses(ids, tx);
        const byId = new Map((await orders.byIds(ids, tx)).map((order) => [order.id, order]));
        return uses.map((use) => ({ id: use.orderId, use, order: byId.get(use.orderId) }));
      },
      judge: judgeCouponUse,
    }),
  ];
}
