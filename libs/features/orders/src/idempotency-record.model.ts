import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** Proof, written in the transaction of an effect, that the effect of a key exists; and where. */
export interface IdempotencyRecordDoc {
  /** Caller, procedure and key in one. */
  _id: string;
  fingerprint: string;
  /** The id of what was made or changed. */
  resultId: string;
  createdAt: Date;
  expiresAt: Date;
}

export type IdempotencyRecordModel = Model<IdempotencyRecordDoc>;

const recordSchema = new Schema<IdempotencyRecordDoc>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    resultId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'idempotency_records' },
);
recordSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Binds the collection of idempotency records to a connection. */
export const createIdempotencyRecordModel = (connection: Connection): IdempotencyRecordModel =>
  connection.model<IdempotencyRecordDoc>('IdempotencyRecord', recordSchema);
