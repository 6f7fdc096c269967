import { userRemoved, type PersonalDataSource } from '@cartwright/feature-accounts';
import { defineHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { WishlistRepository } from './wishlist-repository.ts';

/** What wishlists know of a user: told when asked for, and deleted with the account. */
export function createWishlistPersonalData({
  wishlists,
}: {
  wishlists: Pick<WishlistRepository, 'ofUser' | 'removeAll'>;
}): {
  source: PersonalDataSource;
  handler: EventHandler;
} {
  return {
    source: { name: 'wishlist', collect: (userId) => wishlists.ofUser(userId) },
    handler: defineHandler({
      name: 'wishlist.remove-of-user',
      event: userRemoved,
      handle: ({ payload: { userId } }, { tx }) => wishlists.removeAll(userId, tx),
    }),
  };
}
