import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** In how many paid orders a product came with another one; there is one for each direction. */
export interface BoughtTogetherDoc {
  /** `product/other` */
  _id: string;
  productId: string;
  otherId: string;
  orders: number;
}

export type BoughtTogetherModel = Model<BoughtTogetherDoc>;

const schema = new Schema<BoughtTogetherDoc>(
  {
    _id: { type: String, required: true },
    productId: { type: String, required: true },
    otherId: { type: String, required: true },
    orders: { type: Number, required: true },
  },
  { ...schemaOptions, collection: 'bought_together' },
);
schema.index({ productId: 1, orders: -1, _id: 1 });

/** Binds the collection of what is bought together to a connection. */
export const createBoughtTogetherModel = (connection: Connection): BoughtTogetherModel =>
  connection.model<BoughtTogetherDoc>('BoughtTogether', schema);
