import type { Raced, RacedOrder } from './facts.ts';

/** Uses are counted, within both limits, and each is that of an order that holds it. */
export async function findCouponFaults(
  { database, schedule, couponId }: Raced,
  orders: readonly RacedOrder[],
): Promise<string[]> {
  const [coupon] = await database.all<{ redeemed: number }>('coupons', { _id: couponId });
  const uses = await database.all<{ _id: string; customer: string; status: string }>('coupon_redemptions', {
    couponId,
  });
  const redeemed = uses.filter(({ status }) => status === 'redeemed');
  const { totalLimit, perCustomerLimit } = schedule.coupon;
  const perCustomer = Map.groupBy(redeemed, ({ customer }) => customer);
  const using = orders.filter((order) => order.coupon?.couponId === couponId);
  return [
    ...(redeemed.length > totalLimit ? [`the coupon was used ${redeemed.length} times of ${totalLimit}`] : []),
    ...(coupon?.redeemed === redeemed.length ? [] : [`the coupon counts ${coupon?.redeemed}, used ${redeemed.length}`]),
    ...[...perCustomer].flatMap(([customer, { length }]) =>
      length > perCustomerLimit ? [`${customer} used the coupon ${length} times of ${perCustomerLimit}`] : [],
    ),
    ...using.flatMap((order) => {
      const is = uses.find(({ _id }) => _id === order._id)?.status ?? 'missing';
      return usesOf(order).includes(is) ? [] : [`the order ${order._id} (${order.status}) has its coupon use ${is}`];
    }),
    ...uses.flatMap(({ _id }) =>
      using.some((order) => order._id === _id) ? [] : [`a coupon use is that of the order ${_id}, which has none`],
    ),
  ];
}

/** What may have become of an order's use: it goes with the hold, except that what was paid with it stays used. */
function usesOf({ status, paidAt, timeline }: RacedOrder): readonly string[] {
  const hold = timeline.findLast(({ kind }) => kind === 'order.hold_released' || kind === 'order.hold_renewed');
  const wasReleased = hold?.kind === 'order.hold_released';
  // Paid after it was given back: it is used again where the coupon still allows it.
  if (paidAt !== undefined) return wasReleased ? ['redeemed', 'given_back'] : ['redeemed'];
  return wasReleased || status === 'canceled' ? ['given_back'] : ['redeemed'];
}
