import type { Order, OrderCaller } from '@cartwright/feature-orders';
import type { Tx } from '@cartwright/platform-mongo';

/** What invoices need of orders. */
export interface BilledOrders {
  byId(orderId: string, tx?: Tx): Promise<Order | null>;
  /** The caller's own order. Throws NOT_FOUND for others. */
  requireOwn(caller: OrderCaller, orderId: string): Promise<Order>;
  /** A page of a user's orders. */
  list(
    userId: string,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: readonly { readonly id: string }[]; nextCursor: string | null }>;
}
