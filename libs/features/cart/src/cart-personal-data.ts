import { userRemoved, type PersonalDataSource } from '@cartwright/feature-accounts';
import { defineHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { CartRepository } from './cart-repository.ts';

/** What carts know of a user: told when asked for, and deleted with the account. */
export function createCartPersonalData({ carts }: { carts: Pick<CartRepository, 'byOwner' | 'remove'> }): {
  source: PersonalDataSource;
  handler: EventHandler;
} {
  return {
    source: {
      name: 'cart',
      collect: async (userId) => {
        const cart = await carts.byOwner({ userId });
        return cart && { lines: cart.lines, couponCode: cart.couponCode };
      },
    },
    handler: defineHandler({
      name: 'cart.remove-of-user',
      event: userRemoved,
      handle: async ({ payload: { userId } }, { tx }) => {
        const cart = await carts.byOwner({ userId }, tx);
        if (cart) await carts.remove(cart.id, tx);
      },
    }),
  };
}
