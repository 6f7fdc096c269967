import type { RefundWaitsFor } from '@cartwright/feature-orders';
import type { RefundNews, RefundResult } from './payment-strategy.ts';
import type { Refund, RefundStatus } from './payment.ts';

/** How far each status is. A refund that went through can still bounce; one that failed is over. */
const ORDER: readonly RefundStatus[] = ['requested', 'pending', 'succeeded', 'failed'];

/** What a refund is by news of it. */
export interface RefundMove {
  readonly status: RefundStatus;
  readonly waitsFor: RefundWaitsFor | undefined;
  /** Of when the last news of it are. */
  readonly toldAt: Date;
}

/**
 * What news make of a refund, whatever the order they come in: its status is the furthest it was told to have, and whom it
 * waits for is what the latest say. Null for news that say nothing: older than others and no further, and any of one that has failed.
 */
export function movedBy(
  refund: Pick<Refund, 'status' | 'waitsFor' | 'toldAt' | 'cause'>,
  news: RefundResult & { readonly at: Date },
): RefundMove | null {
  const { status: known, toldAt, cause } = refund;
  if (known === 'failed') return null;
  const status = ORDER.indexOf(news.status) > ORDER.indexOf(known) ? news.status : known;
  const isLatest = toldAt === undefined || news.at > toldAt;
  // One that went through before it was told to be pending was sent back in between, whether that was told or not.
  const isSentBack = !isLatest && news.at < toldAt && known === 'pending' && status === 'succeeded';
  const waits = isLatest ? waitsAfter(status, news) : (refund.waitsFor ?? (isSentBack ? 'bank' : undefined));
  // A bank keeps the money of a dispute while it is appealed against.
  const waitsFor = status === 'failed' || cause === 'dispute' ? undefined : waits;
  if (status === known && !isLatest) return null;
  return { status, waitsFor, toldAt: isLatest ? news.at : toldAt };
}

function waitsAfter(status: RefundStatus, news: Pick<RefundNews, 'status' | 'waitsFor'>): RefundWaitsFor | undefined {
  if (news.waitsFor !== undefined) return news.waitsFor;
  return status === 'succeeded' && news.status === 'pending' ? 'bank' : undefined;
}
