import { DomainError, notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor } from '@cartwright/platform-mongo';
import { z } from 'zod';
import type { ListWishesInput, WishDto } from './wishlist.contracts.ts';
import type { WishedProductsPort } from './wishlist.ports.ts';
import type { WishEntry } from './wishlist.model.ts';
import type { WishlistRepository } from './wishlist-repository.ts';

/** A wishlist is one document that is read whole. */
const MAX_WISHES = 200;

const markSchema = z.strictObject({ addedAt: z.coerce.date(), id: z.string().max(64) });

/** What customers remember for later. */
export function createWishlistService({
  wishlists,
  products,
  clock,
}: {
  wishlists: WishlistRepository;
  products: WishedProductsPort;
  clock: () => Date;
}) {
  const countOf = async (userId: string): Promise<number> => (await wishlists.ofUser(userId)).length;

  return {
    /** A page of what a user remembered, last added first, with what it costs now; what is no longer sold included. */
    async list(userId: string, { limit, cursor }: ListWishesInput) {
      const mark = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
      const all = (await wishlists.ofUser(userId)).toSorted(lastFirst);
      const rest = mark ? all.filter((entry) => lastFirst(entry, { ...mark, productId: mark.id }) > 0) : all;
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      const cards = new Map(
        (await (page.length > 0 ? products.byIds(page.map(({ productId }) => productId)) : [])).map((card) => [
          card.id,
          card,
        ]),
      );
      const items: WishDto[] = page.map(({ productId, title, addedAt }) => {
        const product = cards.get(productId) ?? null;
        return { productId, title: product?.title ?? title, addedAt, product };
      });
      return {
        items,
        nextCursor: rest.length > limit && last ? encodeCursor({ addedAt: last.addedAt, id: last.productId }) : null,
        total: all.length,
      };
    },

    /** Those of the products that a user remembered. */
    async contains(userId: string, productIds: readonly string[]): Promise<string[]> {
      const wished = new Set((await wishlists.ofUser(userId)).map(({ productId }) => productId));
      return [...new Set(productIds)].filter((id) => wished.has(id));
    },

    /** Remembers a product; a second time changes nothing. Throws NOT_FOUND, and WISHLIST_FULL beyond two hundred. */
    async add(userId: string, productId: string): Promise<number> {
      const [product] = await products.byIds([productId]);
      if (!product) throw notFound('product');
      const entry = { productId, title: product.title, addedAt: clock() };
      if (!(await wishlists.add(userId, entry, MAX_WISHES))) {
        throw new DomainError('WISHLIST_FULL', { maximum: MAX_WISHES });
      }
      return countOf(userId);
    },

    /** Forgets a product, whether it was there or not. */
    async remove(userId: string, productId: string): Promise<number> {
      await wishlists.remove(userId, productId);
      return countOf(userId);
    },
  };
}

export type WishlistService = ReturnType<typeof createWishlistService>;

/** Last added first; of those added in one moment, in the order of their ids. */
function lastFirst(left: Omit<WishEntry, 'title'>, right: Omit<WishEntry, 'title'>): number {
  const apart = right.addedAt.getTime() - left.addedAt.getTime();
  if (apart !== 0) return apart;
  return left.productId < right.productId ? -1 : left.productId > right.productId ? 1 : 0;
}
