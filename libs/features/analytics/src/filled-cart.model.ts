import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** A cart that got its first item. It is counted once until it is ordered, and carts are deleted: so it is written down. */
export interface FilledCartDoc {
  /** Of the filling, not of the cart: a cart that was ordered may be filled again. */
  _id: string;
  at: Date;
  /** Whether it went into another cart that counts already. */
  joined: boolean;
}

export type FilledCartModel = Model<FilledCartDoc>;

const filledCartSchema = new Schema<FilledCartDoc>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    joined: { type: Boolean, required: true },
  },
  { ...schemaOptions, collection: 'filled_carts' },
);
filledCartSchema.index({ at: 1 });

/** Binds the carts that were filled to a connection. */
export const createFilledCartModel = (connection: Connection): FilledCartModel =>
  connection.model<FilledCartDoc>('FilledCart', filledCartSchema);
