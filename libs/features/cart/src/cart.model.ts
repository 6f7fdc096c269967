import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Filling, FillingNews } from './cart.ts';

export interface CartLineDoc {
  lineId: string;
  variantId: string;
  quantity: number;
  seenUnitPrice: number;
}

/** A cart; of a user or of a guest, never of both. */
export interface CartDoc {
  _id: string;
  version: number;
  userId?: string;
  /** Hash of a guest's token. */
  tokenHash?: string;
  lines: CartLineDoc[];
  couponCode?: string;
  filling?: Filling;
  /** What nobody has been told of yet; absent when there is nothing. */
  news?: FillingNews[];
  /** Guests' carts are deleted then. */
  expiresAt?: Date;
  createdAt: Date;
  updatedAt: Date;
}

export type CartModel = Model<CartDoc>;

const lineSchema = new Schema<CartLineDoc>(
  {
    lineId: { type: String, required: true },
    variantId: { type: String, required: true },
    quantity: { type: Number, required: true, min: 1, max: 999 },
    seenUnitPrice: { type: Number, required: true },
  },
  { ...schemaOptions, _id: false },
);

const fillingSchema = new Schema<Filling>(
  { id: { type: String, required: true }, since: { type: Date, required: true } },
  { ...schemaOptions, _id: false },
);
const newsSchema = new Schema<FillingNews>(
  {
    id: { type: String, required: true },
    at: { type: Date, required: true },
    kind: { type: String, required: true },
  },
  { ...schemaOptions, _id: false },
);

const cartSchema = new Schema<CartDoc>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    userId: String,
    tokenHash: String,
    lines: { type: [lineSchema], required: true },
    couponCode: String,
    filling: fillingSchema,
    news: { type: [newsSchema], default: undefined },
    expiresAt: Date,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'carts' },
);
cartSchema.index({ userId: 1 }, { unique: true, sparse: true });
cartSchema.index({ tokenHash: 1 }, { unique: true, sparse: true });
cartSchema.index({ 'news.at': 1 }, { sparse: true });
cartSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Binds the carts collection to a connection. */
export const createCartModel = (connection: Connection): CartModel => connection.model<CartDoc>('Cart', cartSchema);
