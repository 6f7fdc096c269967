import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { StockLevelDoc, StockModels } from './stock.model.ts';

/** A level, and what the movements of the variant add up to. */
export interface InspectedLevel {
  readonly variantId: string;
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly moved: { readonly onHand: number; readonly reserved: number };
}

/** Reads all stock for whoever checks the books; changes nothing. */
export function createStockInspection({ levels, movements }: StockModels) {
  return {
    /** The variants that follow one, by id. */
    async ids(after: string | undefined, limit: number): Promise<string[]> {
      const docs = await levels
        .find(after === undefined ? {} : { _id: { $gt: after } }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>();
      return docs.map(({ _id }) => _id);
    },

    async byIds(variantIds: readonly string[], tx?: Tx): Promise<InspectedLevel[]> {
      const ids = [...variantIds];
      const docs = await levels
        .find({ _id: { $in: ids } })
        .session(sessionOf(tx) ?? null)
        .lean<StockLevelDoc[]>();
      const sums = await movements.aggregate<{ _id: string; onHand: number; reserved: number }>(
        [
          { $match: { variantId: { $in: ids } } },
          {
            $group: { _id: '$variantId', onHand: { $sum: '$deltaOnHand' }, reserved: { $sum: '$deltaReserved' } },
          },
        ],
        sessionOption(tx),
      );
      const moved = new Map(sums.map(({ _id, onHand, reserved }) => [_id, { onHand, reserved }]));
      return docs.map(({ _id: variantId, productId, onHand, reserved }) => ({
        ...{ variantId, productId, onHand, reserved },
        moved: moved.get(variantId) ?? { onHand: 0, reserved: 0 },
      }));
    },
  };
}

export type StockInspection = ReturnType<typeof createStockInspection>;
