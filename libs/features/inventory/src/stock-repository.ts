import type { StockDelta } from '@cartwright/domain-stock';
import { insertLast, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter } from 'mongoose';
import type { StockLevelDoc, StockModels, StockMovementDoc } from './stock.model.ts';

/** A change of one variant's level. */
export interface LevelChange extends StockDelta {
  readonly variantId: string;
}

/** Reads and writes stock. Levels change by conditional updates only, so no writer works on what it once read. */
export function createStockRepository({ levels, movements }: StockModels) {
  return {
    levels: (variantIds: readonly string[], tx?: Tx): Promise<StockLevelDoc[]> =>
      levels
        .find({ _id: { $in: [...variantIds] } })
        .session(sessionOf(tx) ?? null)
        .lean<StockLevelDoc[]>(),

    /**
     * Applies all changes in one trip, each only where it leaves the level sound. True when all were applied; otherwise
     * some may have been, and the transaction must be aborted.
     */
    async apply(changes: readonly LevelChange[], tx: Tx): Promise<boolean> {
      const result = await levels.bulkWrite(
        changes.map((change) => ({
          updateOne: {
            filter: { _id: change.variantId, ...soundAfter(change) },
            update: stepOf(change),
          },
        })),
        sessionOption(tx),
      );
      return result.modifiedCount === changes.length;
    },

    /** As `apply` for one variant, and only over the version that was read. */
    async applyOver(change: LevelChange, version: number, tx: Tx): Promise<boolean> {
      const result = await levels.updateOne(
        { _id: change.variantId, version, ...soundAfter(change) },
        stepOf(change),
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },

    insertLevels: async (docs: readonly Omit<StockLevelDoc, 'available'>[], tx: Tx): Promise<void> => {
      await levels.insertMany(
        docs.map((doc) => ({ ...doc, available: doc.onHand - doc.reserved })),
        sessionOption(tx),
      );
    },
    /** Levels of which no more than `threshold` can be sold, fewest first. */
    lowest: (
      threshold: number,
      limit: number,
      after?: { available: number; variantId: string },
    ): Promise<StockLevelDoc[]> =>
      levels
        .find({
          available: { ...(after ? { $gte: after.available } : {}), $lte: threshold },
          ...(after ? { $or: [{ available: { $gt: after.available } }, { _id: { $gt: after.variantId } }] } : {}),
        })
        .sort({ available: 1, _id: 1 })
        .limit(limit)
        .lean<StockLevelDoc[]>(),
    /** Puts right what is kept as available where it was never written, or not moved along by an older release. */
    repairAvailable: async (): Promise<void> => {
      const available = { $subtract: ['$onHand', '$reserved'] };
      await levels.updateMany({ $expr: { $ne: ['$available', available] } }, [{ $set: { available } }], {
        updatePipeline: true,
      });
    },
    /** At the end of the transaction. */
    insertMovements: async (docs: readonly StockMovementDoc[], tx: Tx): Promise<void> => {
      await insertLast(tx, movements, docs);
    },
    /** Of a variant, the newest first; reads one more than `limit` so that the caller knows if more follow. */
    movementPage: (variantId: string, limit: number, mark?: { at: Date; id: string }): Promise<StockMovementDoc[]> =>
      movements
        .find({
          variantId,
          ...(mark && { at: { $lte: mark.at }, $or: [{ at: { $lt: mark.at } }, { _id: { $lt: mark.id } }] }),
        })
        .sort({ at: -1, _id: -1 })
        .limit(limit + 1)
        .lean<StockMovementDoc[]>(),
    movementsOf: (variantId: string): Promise<StockMovementDoc[]> =>
      movements.find({ variantId }).lean<StockMovementDoc[]>(),
  };
}

export type StockRepository = ReturnType<typeof createStockRepository>;

/** A change as it is written. */
const stepOf = ({ deltaOnHand, deltaReserved }: StockDelta) => ({
  $inc: { onHand: deltaOnHand, reserved: deltaReserved, available: deltaOnHand - deltaReserved, version: 1 },
});

/** The condition under which a change keeps `reserved ≥ 0` and `onHand − reserved ≥ 0`. */
function soundAfter({ deltaOnHand, deltaReserved }: StockDelta): QueryFilter<StockLevelDoc> {
  const needed = deltaReserved - deltaOnHand;
  return {
    ...(deltaReserved < 0 ? { reserved: { $gte: -deltaReserved } } : {}),
    ...(needed > 0 ? { $expr: { $gte: [{ $subtract: ['$onHand', '$reserved'] }, needed] } } : {}),
  };
}
