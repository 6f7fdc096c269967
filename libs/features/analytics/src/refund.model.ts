import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** Money that went back of a captured order, as analytics counts it. Minor units of `currency`; written once. */
export interface RefundDoc {
  /** The refund's id: it is counted once. */
  _id: string;
  orderId: string;
  /** When it reached the buyer: the days before keep their figures. */
  succeededAt: Date;
  currency: string;
  /** All of it. */
  total: number;
  /** What of it was for goods, without tax and shipping. */
  net: number;
}

export type RefundModel = Model<RefundDoc>;

const refundSchema = new Schema<RefundDoc>(
  {
    _id: { type: String, required: true },
    orderId: { type: String, required: true },
    succeededAt: { type: Date, required: true },
    currency: { type: String, required: true },
    total: { type: Number, required: true },
    net: { type: Number, required: true },
  },
  { ...schemaOptions, collection: 'sale_refunds' },
);
refundSchema.index({ succeededAt: 1 });

/** Binds the refunds of analytics to a connection. */
export const createRefundModel = (connection: Connection): RefundModel =>
  connection.model<RefundDoc>('SaleRefund', refundSchema);
