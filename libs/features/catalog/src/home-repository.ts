import type { PipelineStage } from 'mongoose';
import { CARD_FIELDS, type CardDoc } from './product-mapping.ts';
import type { ProductModel } from './product.model.ts';

/** How many reviews of the shop's average each product is thought to have besides its own. */
const PRIOR_REVIEWS = 5;

const buyable = { listed: true, available: true } as const;

/** What the home page asks of the products: only of such as can be bought, unless it is said otherwise. */
export function createHomeRepository({ products }: { products: ProductModel }) {
  return {
    /**
     * The best liked by their Bayesian average: a product with few reviews is drawn to the average over all, so that one
     * enthusiast doesn't make a winner. Equals go by their ids. With `soldOut`, also products that nothing is left of.
     */
    async highestRated(limit: number, { soldOut = false }: { soldOut?: boolean } = {}): Promise<CardDoc[]> {
      const among = soldOut ? { listed: true } : buyable;
      const [all] = await products.aggregate<{ sum: number; count: number }>([
        { $match: among },
        { $group: { _id: null, sum: { $sum: '$rating.sum' }, count: { $sum: '$rating.count' } } },
      ]);
      if (!all || all.count === 0) return [];
      const prior = (PRIOR_REVIEWS * all.sum) / all.count;
      const score = { $divide: [{ $add: [prior, '$rating.sum'] }, { $add: [PRIOR_REVIEWS, '$rating.count'] }] };
      const pipeline: PipelineStage[] = [
        { $match: { ...among, 'rating.count': { $gt: 0 } } },
        { $project: { score } },
        { $sort: { score: -1, _id: 1 } },
        { $limit: limit },
      ];
      const ids = (await products.aggregate<{ _id: string }>(pipeline)).map(({ _id }) => _id);
      const cards = await products.find({ _id: { $in: ids }, ...among }, CARD_FIELDS).lean<CardDoc[]>();
      const byId = new Map(cards.map((card) => [card._id, card]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },

    /** How many products under each category can be bought. */
    async countBuyable(): Promise<Map<string, number>> {
      const rows = await products.aggregate<{ _id: string; count: number }>([
        { $match: buyable },
        { $unwind: '$categoryIds' },
        { $group: { _id: '$categoryIds', count: { $sum: 1 } } },
      ]);
      return new Map(rows.map(({ _id, count }) => [_id, count]));
    },
  };
}

export type HomeRepository = ReturnType<typeof createHomeRepository>;
