import type { RouterInputs, RouterOutputs } from '@cartwright/sdk';

type Order = Pick<RouterOutputs['admin']['orders']['byId'], 'id' | 'lines' | 'total'>;
type Wish = RouterInputs['admin']['orders']['previewRefund'];

/** What a person put together in the refund dialog. */
export interface RefundForm {
  full: boolean;
  /** Pieces by line. */
  counts: Readonly<Record<string, number>>;
  /** Whether pieces that were sent go back on sale; those that were not do so by themselves. */
  restock: boolean;
  shipping: boolean;
  /** Minor units on top; undefined for none. */
  amount: number | undefined;
}

/** The form as calls take it; undefined while nothing is asked for. */
export function refundWish(order: Order, { full, counts, restock, shipping, amount }: RefundForm): Wish | undefined {
  if (full) return { orderId: order.id, full: true };
  const lines = order.lines.flatMap(({ lineId, progress }) => {
    const quantity = counts[lineId] ?? 0;
    if (quantity === 0) return [];
    // What came back already may be on the shelf; the rest was never sent, or is still with the buyer.
    const most = Math.min(quantity, progress.open + progress.shipped - progress.returned);
    return [{ lineId, quantity, ...(restock ? { restock: most } : {}) }];
  });
  const money = amount === undefined || amount === 0 ? undefined : { amount, currency: order.total.currency };
  if (lines.length === 0 && !shipping && !money) return undefined;
  return {
    orderId: order.id,
    ...(lines.length > 0 ? { lines } : {}),
    ...(shipping ? { shipping } : {}),
    ...(money ? { amount: money } : {}),
  };
}
