import { authedProcedure, router } from '@cartwright/api-core';
import {
  containsInput,
  containsOutput,
  listWishesInput,
  listWishesOutput,
  wishInput,
  wishlistChangedOutput,
} from './wishlist.contracts.ts';
import type { WishlistService } from './wishlist-service.ts';

/** `wishlist.*`: what a signed-in customer remembers. Adding and removing may be repeated at will. */
export function createWishlistRouter({ wishlist }: { wishlist: WishlistService }) {
  return router({
    list: authedProcedure
      .input(listWishesInput)
      .output(listWishesOutput)
      .query(({ ctx, input }) => wishlist.list(ctx.principal.userId, input)),
    contains: authedProcedure
      .input(containsInput)
      .output(containsOutput)
      .query(async ({ ctx, input }) => ({
        productIds: await wishlist.contains(ctx.principal.userId, input.productIds),
      })),
    add: authedProcedure
      .input(wishInput)
      .output(wishlistChangedOutput)
      .mutation(async ({ ctx, input: { productId } }) => ({
        productId,
        count: await wishlist.add(ctx.principal.userId, productId),
      })),
    remove: authedProcedure
      .input(wishInput)
      .output(wishlistChangedOutput)
      .mutation(async ({ ctx, input: { productId } }) => ({
        productId,
        count: await wishlist.remove(ctx.principal.userId, productId),
      })),
  });
}
