import type { Coupon } from '../core/objects.ts';

/**
 * The discount of a Checkout Session over its lines: a fixed amount never exceeds the subtotal, a percentage is rounded
 * half up, and the parts are shared out by largest remainder so that they add up exactly. Shipping is not discounted.
 */
export function discountByLine(
  coupon: Pick<Coupon, 'amount_off' | 'percent_off'> | null,
  subtotals: number[],
): number[] {
  const subtotal = subtotals.reduce((sum, amount) => sum + amount, 0);
  if (!coupon || subtotal === 0) return subtotals.map(() => 0);
  const discount =
    coupon.amount_off === null ? percentOf(subtotal, coupon.percent_off ?? 0) : Math.min(coupon.amount_off, subtotal);
  const shares = subtotals.map((amount) => {
    const exact = BigInt(discount) * BigInt(amount);
    return { floor: Number(exact / BigInt(subtotal)), rest: exact % BigInt(subtotal) };
  });
  let left = discount - shares.reduce((sum, share) => sum + share.floor, 0);
  const byRest = shares.map((share, index) => ({ index, rest: share.rest }));
  byRest.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1));
  const result = shares.map((share) => share.floor);
  for (const { index } of byRest) {
    if (left === 0) break;
    result[index] = (result[index] ?? 0) + 1;
    left -= 1;
  }
  return result;
}

/** `percent` has at most two decimals. */
function percentOf(amount: number, percent: number): number {
  const hundredths = BigInt(Math.round(percent * 100));
  return Number((BigInt(amount) * hundredths + 5000n) / 10000n);
}
