import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** One captured order as analytics counts it. Amounts in minor units of `currency`; written once, never restated. */
export interface SaleDoc {
  /** The order's id: an order is counted once. */
  _id: string;
  capturedAt: Date;
  currency: string;
  /** Line totals before discounts, without tax and shipping. */
  gross: number;
  discount: number;
  shipping: number;
  tax: number;
  /** What was captured. */
  total: number;
  units: number;
  lines: { productId: string; title: string; slug: string; image: string | null; units: number; sales: number }[];
  /** The coupon it was placed with, and all that this took off, of shipping too, without tax. */
  coupon?: { id: string; code: string; discount: number };
  /** Whether it came from a cart of this shop; false for orders that were brought here from another system. */
  fromCart?: boolean;
}

export type SaleModel = Model<SaleDoc>;

const saleSchema = new Schema<SaleDoc>(
  {
    _id: { type: String, required: true },
    capturedAt: { type: Date, required: true },
    currency: { type: String, required: true },
    gross: { type: Number, required: true },
    discount: { type: Number, required: true },
    shipping: { type: Number, required: true },
    tax: { type: Number, required: true },
    total: { type: Number, required: true },
    units: { type: Number, required: true },
    lines: [
      { _id: false, productId: String, title: String, slug: String, image: String, units: Number, sales: Number },
    ],
    coupon: { type: { _id: false, id: String, code: String, discount: Number }, default: undefined },
    fromCart: Boolean,
  },
  { ...schemaOptions, collection: 'sales' },
);
saleSchema.index({ capturedAt: 1, _id: 1 });
saleSchema.index({ 'lines.productId': 1, capturedAt: -1, _id: -1 });

/** Binds the sales collection to a connection. */
export const createSaleModel = (connection: Connection): SaleModel => connection.model<SaleDoc>('Sale', saleSchema);
