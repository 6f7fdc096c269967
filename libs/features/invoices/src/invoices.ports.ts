import type { Order, OrderCaller } from '@cartwright/feature-orders';
import type { Tx } from '@cartwright/platform-mongo';

/** What invoices need of orders. */
export interface BilledOrders {
  byId(orderId: string, tx?: Tx): Promise<Order | null>;
  /** Throws NOT_FOUND for an order that isn't the caller's. */
  requireOwn(caller: OrderCaller, orderId: string): Promise<void>;
  /** A page of a user's orders. */
  list(
    userId: string,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: readonly { readonly id: string }[]; nextCursor: string | null }>;
}
