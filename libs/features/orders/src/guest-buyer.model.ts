import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** An address that guests order with. Written by each of their placements, so that these run one after the other. */
export interface GuestBuyerDoc {
  /** The address, hashed. */
  _id: string;
  at: Date;
  placements: number;
}

export type GuestBuyerModel = Model<GuestBuyerDoc>;

/** Long after the last placement could still be running. */
const KEPT_SECONDS = 24 * 3_600;

const guestBuyerSchema = new Schema<GuestBuyerDoc>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    placements: { type: Number, required: true },
  },
  { ...schemaOptions, collection: 'order_guests' },
);
guestBuyerSchema.index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });

/** Binds the collection to a connection. */
export const createGuestBuyerModel = (connection: Connection): GuestBuyerModel =>
  connection.model<GuestBuyerDoc>('GuestBuyer', guestBuyerSchema);
