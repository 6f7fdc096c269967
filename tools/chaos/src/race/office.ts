import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import type { Cluster } from '../cluster.ts';
import { inTime } from '../patience.ts';
import { seen } from '../seen.ts';
import type { Pieces } from './facts.ts';
import type { Call } from './hands.ts';
import type { Stage } from './stage.ts';
import type { RefundWish, Silence } from './steps.ts';

/** Longer than a dead worker's lock: then another one asks again. */
const KNOWN_WITHIN_MS = 50_000;

export interface SeenOrder {
  readonly _id: string;
  readonly status: string;
  readonly paymentStatus: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly lines: readonly { readonly lineId: string }[];
  readonly hold: string;
  readonly paymentId?: string;
  readonly paymentMethod: string;
  readonly shipments?: readonly { readonly lines: readonly Pieces[] }[];
}

/** The order as soon as it has become so; undefined when that does not come. */
export function when(
  { database }: Pick<Cluster, 'database'>,
  { orderId, withinMs }: { orderId: string; withinMs: number },
  isSo: (order: SeenOrder) => boolean,
): Promise<SeenOrder | undefined> {
  return seen(async () => (await database.all<SeenOrder>('orders', { _id: orderId })).find(isSo), withinMs);
}

interface Asking {
  readonly what: Call;
  readonly work: (office: Cartwright) => Promise<unknown>;
}

/** An intent: its key is kept over all clicks and tries, and the reason tells it. */
function newIntent(orderId: string) {
  const key = newIdempotencyKey();
  return { orderId, idempotencyKey: key, reason: `Raced for ${key}` };
}

/** That an order be canceled. */
export function shopCancels(orderId: string): Asking {
  const keyed = newIntent(orderId);
  return { what: 'admin.orders.cancel', work: ({ api }) => api.admin.orders.cancel.mutate(keyed, inTime()) };
}

/** What staff ask for. */
export function askOffice(order: SeenOrder, wish: RefundWish): Asking {
  if (wish.what === 'cancel') return shopCancels(order._id);
  const wanted = { ...newIntent(order._id), ...partOf(order, wish) };
  return { what: 'admin.orders.refund', work: ({ api }) => api.admin.orders.refund.mutate(wanted, inTime()) };
}

function partOf({ total, lines }: SeenOrder, wish: Exclude<RefundWish, { what: 'cancel' }>) {
  switch (wish.what) {
    case 'all':
      return { full: true };
    case 'amount': {
      const amount = Math.max(1, Math.floor((total.amount * wish.share) / 10_000));
      return { amount: { amount, currency: total.currency } };
    }
    case 'piece':
      return { lines: [{ lineId: lines[0]?.lineId ?? '', quantity: 1, restock: wish.restock ? 1 : 0 }] };
  }
}

/**
 * Has staff give money back while the provider does it without a word, and hears of it only by being asked again. False when
 * the shop doesn't come to know like that.
 */
export function inSilence(
  { stage, orderId, silence }: { stage: Pick<Stage, 'cluster' | 'webhooks'>; orderId: string; silence: Silence },
  work: () => Promise<unknown>,
): Promise<boolean> {
  const { cluster, webhooks } = stage;
  const { control } = cluster.shop.stripe;
  const { kind, times: count } = silence;
  return webhooks.run(async () => {
    await control.holdDeliveries({ types: 'refund.' });
    await control.failNextCalls({ when: 'after', kind, count, match: 'POST /v1/refunds' });
    try {
      await work();
      const open = { orderId, status: 'requested' };
      const isKnown = async () => (await cluster.database.all('payment_refunds', open)).length === 0 || undefined;
      return (await seen(isKnown, KNOWN_WITHIN_MS)) === true;
    } finally {
      await control.releaseDeliveries();
    }
  });
}
