import type { Mongo } from '@cartwright/platform-mongo';
import { createWishlistPersonalData } from './wishlist-personal-data.ts';
import { createWishlistRepository } from './wishlist-repository.ts';
import { createWishlistService } from './wishlist-service.ts';
import { createWishlistModel } from './wishlist.model.ts';
import type { WishedProductsPort } from './wishlist.ports.ts';

/** Wishlists put together: what customers do, and what is known of a user. */
export function createWishlist({
  mongo,
  products,
  clock,
}: {
  mongo: Pick<Mongo, 'connection'>;
  products: WishedProductsPort;
  clock: () => Date;
}) {
  const wishlists = createWishlistRepository({ wishlists: createWishlistModel(mongo.connection) });
  return {
    wishlist: createWishlistService({ wishlists, products, clock }),
    wishlistData: createWishlistPersonalData({ wishlists }),
  };
}
