import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { PaymentAttempt } from './payment.ts';

/** An attempt as stored. */
export type PaymentAttemptDoc = Omit<PaymentAttempt, 'id'> & {
  _id: string;
  /** The order's id while the attempt can still lead to a payment page: an order has one such attempt at most. */
  activeOrderId?: string | undefined;
  /** Counts what was decided about set-aside money of the order, so that two who do so at once run into each other. */
  decisions?: number | undefined;
};
export type PaymentAttemptModel = Model<PaymentAttemptDoc>;

const required = { type: String, required: true } as const;
const snapshot = { type: Schema.Types.Mixed, required: true } as const;

const attemptSchema = new Schema<PaymentAttemptDoc>(
  {
    _id: required,
    orderId: required,
    number: { type: Number, required: true },
    status: required,
    total: snapshot,
    coupon: Schema.Types.Mixed,
    session: snapshot,
    sessionId: String,
    url: String,
    expiresAt: { type: Date, required: true },
    problem: String,
    activeOrderId: String,
    decisions: Number,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'payment_attempts' },
);
attemptSchema.index({ orderId: 1, number: 1 }, { unique: true });
attemptSchema.index({ activeOrderId: 1 }, { unique: true, sparse: true });
// The reconciler's question: which unfinished ones has nobody looked at for a while?
attemptSchema.index({ status: 1, updatedAt: 1 });

/** Binds the collection of payment attempts to a connection. */
export const createPaymentAttemptModel = (connection: Connection): PaymentAttemptModel =>
  connection.model<PaymentAttemptDoc>('PaymentAttempt', attemptSchema);
