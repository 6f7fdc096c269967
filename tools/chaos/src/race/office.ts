import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import type { Cluster } from '../cluster.ts';
import { inTime } from '../patience.ts';
import type { RefundWish } from './schedule.ts';

/** Money takes its way through webhook and queue; whoever waits longer gives nothing back. */
const PAID_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 50;

interface PaidOrder {
  readonly _id: string;
  readonly status: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly lines: readonly { readonly lineId: string }[];
}

/** The order as soon as it is paid; undefined when that does not come. */
export async function whenPaid(
  { database }: Pick<Cluster, 'database'>,
  orderId: string,
): Promise<PaidOrder | undefined> {
  const deadline = Date.now() + PAID_WITHIN_MS;
  while (Date.now() < deadline) {
    const [order] = await database.all<PaidOrder>('orders', { _id: orderId }).catch(() => []);
    if (order?.status === 'paid') return order;
    await pause(LOOK_AGAIN_MS);
  }
  return undefined;
}

/** What staff ask for, under a key of its own that is kept over all tries. */
export function askOffice(order: PaidOrder, wish: RefundWish): (office: Cartwright) => Promise<unknown> {
  const keyed = { orderId: order._id, idempotencyKey: newIdempotencyKey() };
  const { amount: total, currency } = order.total;
  const refund = { ...keyed, reason: 'Raced for' };
  return ({ api }) => {
    switch (wish.what) {
      case 'cancel':
        return api.admin.orders.cancel.mutate(keyed, inTime());
      case 'all':
        return api.admin.orders.refund.mutate({ ...refund, full: true }, inTime());
      case 'amount': {
        const amount = Math.max(1, Math.floor((total * wish.share) / 10_000));
        return api.admin.orders.refund.mutate({ ...refund, amount: { amount, currency } }, inTime());
      }
      case 'piece': {
        const line = { lineId: order.lines[0]?.lineId ?? '', quantity: 1, restock: wish.restock ? 1 : 0 };
        return api.admin.orders.refund.mutate({ ...refund, lines: [line] }, inTime());
      }
    }
  };
}
