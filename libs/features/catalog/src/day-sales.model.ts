import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** Units of a product that were sold on one day and count among the sold ones of its document. */
export interface DaySalesDoc {
  /** `product/day` */
  _id: string;
  productId: string;
  /** Days since 1970, in UTC. */
  day: number;
  units: number;
}

export type DaySalesModel = Model<DaySalesDoc>;

const schema = new Schema<DaySalesDoc>(
  {
    _id: { type: String, required: true },
    productId: { type: String, required: true },
    day: { type: Number, required: true },
    units: { type: Number, required: true },
  },
  { ...schemaOptions, collection: 'day_sales' },
);
schema.index({ day: 1, _id: 1 });

/** Binds the collection of sales by day to a connection. */
export const createDaySalesModel = (connection: Connection): DaySalesModel =>
  connection.model<DaySalesDoc>('DaySales', schema);
