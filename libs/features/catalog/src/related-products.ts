import { notFound } from '@cartwright/domain-errors';
import type { Tx } from '@cartwright/platform-mongo';
import type { BoughtTogetherRepository } from './bought-together-repository.ts';
import type { ProductCardDto } from './catalog.contracts.ts';
import { toCard, type CardDoc } from './product-mapping.ts';
import type { ProductRepository } from './product-repository.ts';

/** Products of one order that are paired; a longer one says less about what goes together. */
const PAIRED_MAX = 12;
/** More are looked at than shown, since some can't be bought any more. */
const LOOKED_AT = 60;

/** What goes with a product. */
export function createRelatedProducts({
  products,
  pairs,
}: {
  products: Pick<ProductRepository, 'byId' | 'cardsByIds' | 'page'>;
  pairs: BoughtTogetherRepository;
}) {
  return {
    /** Counts the products of a paid order as bought together. */
    async countOrder(productIds: readonly string[], tx: Tx): Promise<void> {
      await pairs.count([...new Set(productIds)].slice(0, PAIRED_MAX), tx);
    },

    /**
     * What was bought together with a product, most often first, filled up with what sells best in its categories, the
     * nearest first. Nothing that can't be bought now. Throws NOT_FOUND.
     */
    async list(productId: string, limit: number): Promise<ProductCardDto[]> {
      const product = await products.byId(productId);
      if (!product) throw notFound('product');
      const found = new Map<string, CardDoc>();
      const take = (docs: readonly CardDoc[]): void => {
        for (const doc of docs) {
          if (found.size < limit && doc._id !== productId && doc.available) found.set(doc._id, doc);
        }
      };

      const others = await pairs.othersOf(productId, LOOKED_AT);
      if (others.length > 0) {
        const cards = new Map((await products.cardsByIds(others)).map((doc) => [doc._id, doc]));
        take(others.flatMap((id) => cards.get(id) ?? []));
      }
      const own = product.categories.map(({ id }) => id);
      // The path to a category goes from the top down.
      const above = product.categoryIds.filter((id) => !own.includes(id)).toReversed();
      for (const categoryId of [...own, ...above]) {
        if (found.size >= limit) break;
        take(await products.page({ categoryId, inStock: true }, 'best_selling', { limit: limit + found.size }));
      }
      return [...found.values()].map(toCard);
    },
  };
}

export type RelatedProducts = ReturnType<typeof createRelatedProducts>;
