import type { CartActor, CartService } from '@cartwright/feature-cart';
import { requireOwn, type OrderCaller } from './guest-access.ts';
import type { OrderRepository } from './order-repository.ts';
import type { ReorderDto } from './orders.contracts.ts';

/** Ordering the same once more. */
export function createReorder({
  orders,
  carts,
}: {
  orders: Pick<OrderRepository, 'byId'>;
  carts: Pick<CartService, 'refill'>;
}) {
  return {
    /**
     * Fills a cart with the lines of the caller's order, whatever became of it, at today's prices and as far as they can be
     * had; doing it twice changes nothing more. Throws NOT_FOUND, CART_FULL never: what has no room is named as missing.
     */
    async reorder(caller: OrderCaller, orderId: string, cart: CartActor): Promise<ReorderDto> {
      const { lines } = requireOwn(await orders.byId(orderId), caller);
      const filled = await carts.refill(cart, lines);
      return { ...filled.cart, missing: filled.short };
    },
  };
}

export type Reorder = ReturnType<typeof createReorder>;
