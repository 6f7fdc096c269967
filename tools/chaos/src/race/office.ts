import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import type { Cluster } from '../cluster.ts';
import { inTime } from '../patience.ts';
import type { RefundWish, Silence } from './schedule.ts';

/** Money takes its way through webhook and queue; whoever waits longer gives nothing back. */
const PAID_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 50;
/** Longer than a dead worker's lock: then another one asks again. */
const KNOWN_WITHIN_MS = 50_000;

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

/**
 * Has staff give money back while the provider does it without a word, and hears of it only by being asked again. False when
 * the shop doesn't come to know like that.
 */
export async function inSilence(
  { cluster, orderId, silence }: { cluster: Cluster; orderId: string; silence: Silence },
  work: () => Promise<unknown>,
): Promise<boolean> {
  const { control } = cluster.shop.stripe;
  const { kind, times: count } = silence;
  await control.holdDeliveries({ types: 'refund.' });
  await control.failNextCalls({ when: 'after', kind, count, match: 'POST /v1/refunds' });
  try {
    await work();
    const deadline = Date.now() + KNOWN_WITHIN_MS;
    const open = { orderId, status: 'requested' };
    while ((await cluster.database.all('payment_refunds', open).catch(() => [open])).length > 0) {
      if (Date.now() > deadline) return false;
      await pause(LOOK_AGAIN_MS);
    }
    return true;
  } finally {
    await control.releaseDeliveries();
  }
}
