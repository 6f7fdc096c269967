import type { MovementKind } from '@cartwright/domain-stock';
import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** The stock of a variant; the only truth about it. Available is `onHand − reserved`, never below zero. */
export interface StockLevelDoc {
  /** The variant's id. */
  _id: string;
  productId: string;
  onHand: number;
  reserved: number;
  /** `onHand − reserved`, for lists by it; only `onHand` and `reserved` decide. */
  available: number;
  /** Counts up with every movement. */
  version: number;
}

/** One change of a level. All movements of a variant sum to its `onHand` and `reserved`. */
export interface StockMovementDoc {
  _id: string;
  variantId: string;
  kind: MovementKind;
  deltaOnHand: number;
  deltaReserved: number;
  /** What moved it (`order`, `import`, `admin`) and which one. */
  source: string;
  sourceId: string;
  reason?: string;
  by?: string;
  at: Date;
}

export interface StockModels {
  levels: Model<StockLevelDoc>;
  movements: Model<StockMovementDoc>;
}

const levelSchema = new Schema<StockLevelDoc>(
  {
    _id: { type: String, required: true },
    productId: { type: String, required: true },
    onHand: { type: Number, required: true, min: 0 },
    reserved: { type: Number, required: true, min: 0 },
    available: { type: Number, required: true, min: 0 },
    version: { type: Number, required: true },
  },
  { ...schemaOptions, collection: 'stock_levels' },
);
levelSchema.index({ productId: 1 });
levelSchema.index({ available: 1, _id: 1 });

const movementSchema = new Schema<StockMovementDoc>(
  {
    _id: { type: String, required: true },
    variantId: { type: String, required: true },
    kind: { type: String, required: true },
    deltaOnHand: { type: Number, required: true },
    deltaReserved: { type: Number, required: true },
    source: { type: String, required: true },
    sourceId: { type: String, required: true },
    reason: String,
    by: String,
    at: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'stock_movements' },
);
// Each cause moves a variant once per kind, whatever is retried.
movementSchema.index({ variantId: 1, source: 1, sourceId: 1, kind: 1 }, { unique: true });
movementSchema.index({ variantId: 1, at: -1, _id: -1 });

/** Binds the collections of stock to a connection. */
export const createStockModels = (connection: Connection): StockModels => ({
  levels: connection.model<StockLevelDoc>('StockLevel', levelSchema),
  movements: connection.model<StockMovementDoc>('StockMovement', movementSchema),
});
