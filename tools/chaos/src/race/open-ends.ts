import { pagesOf } from './pages.ts';
import type { Raced, RacedOrder } from './facts.ts';

/** A canceled order holds nothing, a paid one what it needs; nothing stays overdue, nothing is under way, no page is left open. */
export async function findOpenEnds(raced: Raced, orders: readonly RacedOrder[]): Promise<string[]> {
  const { database } = raced;
  const ids = orders.map(({ _id }) => _id);
  const unfinished = await database.all<{ _id: string }>('payment_refunds', {
    ...{ orderId: { $in: ids }, status: { $in: ['requested', 'pending'] } },
  });
  const waiting = await database.all<{ orderId: string }>('payment_quarantine', {
    ...{ orderId: { $in: ids }, resolvedAt: { $exists: false } },
  });
  const withPeople = new Set(waiting.map(({ orderId }) => orderId));
  const pages = await pagesOf(raced, ids);
  const over = new Set(orders.filter(({ status }) => status !== 'pending').map(({ _id }) => _id));
  return [
    ...orders.flatMap((order) => [...wrongHold(order), ...(withPeople.has(order._id) ? [] : unended(order))]),
    ...unfinished.map(({ _id }) => `the refund ${_id} is not finished`),
    ...pages.flatMap(({ orderId, session }) =>
      session.status === 'open' && over.has(orderId) ? [`the order ${orderId} is over and has an open page`] : [],
    ),
  ];
}

function wrongHold({ _id, status, hold, timeline, paymentMethod }: RacedOrder): string[] {
  if (status === 'canceled') return hold === 'held' ? [`the order ${_id} is canceled and holds stock`] : [];
  const wasReleased = timeline.some(({ kind }) => kind === 'order.hold_released');
  if (hold === 'missing' && !wasReleased) return [`the order ${_id} misses stock that it never gave back`];
  const isPrepaid = paymentMethod === 'stripe_checkout';
  return status === 'paid' && isPrepaid && hold === 'released' ? [`the order ${_id} is paid and holds nothing`] : [];
}

/** Whoever pays by bank has seen its answer by now, and whoever doesn't pay was overtaken by the clock. */
function unended({ _id, status, paymentStatus, expiresAt }: RacedOrder): string[] {
  if (status !== 'pending') return [];
  if (paymentStatus === 'processing') return [`the order ${_id} waits for a bank that has answered`];
  return paymentStatus === 'unpaid' && expiresAt && expiresAt < new Date() ? [`the order ${_id} is overdue`] : [];
}
