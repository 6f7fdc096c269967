import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

export interface WishEntry {
  productId: string;
  /** What it was called when it was added: all there is to say of it once it is no longer sold. */
  title: string;
  addedAt: Date;
}

/** All that a user remembered, in one document: so no crowd of clicks gets past the limit, or adds one thing twice. */
export interface WishlistDoc {
  /** The user's id. */
  _id: string;
  items: WishEntry[];
}

export type WishlistModel = Model<WishlistDoc>;

/** Binds the wishlists collection to a connection. */
export function createWishlistModel(connection: Connection): WishlistModel {
  const text = { type: String, required: true } as const;
  const entry = new Schema<WishEntry>(
    { productId: text, title: text, addedAt: { type: Date, required: true } },
    { ...schemaOptions, _id: false },
  );
  const schema = new Schema<WishlistDoc>(
    { _id: text, items: { type: [entry], required: true } },
    { ...schemaOptions, collection: 'wishlists' },
  );
  return connection.model<WishlistDoc>('Wishlist', schema);
}
