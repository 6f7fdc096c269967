import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { RefundNews } from './payment-strategy.ts';
import type { Payment, Quarantined, Refund, Resolution } from './payment.ts';

export type PaymentDoc = Omit<Payment, 'id'> & { _id: string };
export type RefundDoc = Omit<Refund, 'id'> & { _id: string };
export type QuarantinedDoc = Omit<Quarantined, 'id'> & {
  _id: string;
  resolvedAt?: Date;
  resolution?: Resolution;
  /** What of it went back at the provider meanwhile; of each return the last news. */
  returns?: readonly RefundNews[];
};

/** What came in, what went back, and what came in and doesn't fit. */
export interface LedgerModels {
  payments: Model<PaymentDoc>;
  refunds: Model<RefundDoc>;
  quarantine: Model<QuarantinedDoc>;
}

const required = { type: String, required: true } as const;
const snapshot = { type: Schema.Types.Mixed, required: true } as const;
const date = { type: Date, required: true } as const;

const paymentSchema = new Schema<PaymentDoc>(
  {
    _id: required,
    orderId: required,
    provider: required,
    reference: required,
    amount: snapshot,
    refundable: { type: Number, required: true, min: 0 },
    eventId: String,
    capturedAt: date,
  },
  { ...schemaOptions, collection: 'payments' },
);
// Whatever is told how often: money that came in once is in the ledger once.
paymentSchema.index({ reference: 1 }, { unique: true });
paymentSchema.index({ orderId: 1 });

const refundSchema = new Schema<RefundDoc>(
  {
    _id: required,
    orderId: required,
    paymentId: required,
    provider: required,
    cause: required,
    amount: snapshot,
    status: required,
    waitsFor: String,
    paymentReference: required,
    providerRefundId: String,
    problem: String,
    toldAt: Date,
    createdAt: date,
    updatedAt: date,
  },
  { ...schemaOptions, collection: 'payment_refunds' },
);
refundSchema.index({ paymentId: 1 });
refundSchema.index({ providerRefundId: 1 }, { unique: true, sparse: true });
refundSchema.index({ status: 1, updatedAt: 1 });
refundSchema.index({ status: 1, createdAt: 1 });
// Few wait for anybody.
refundSchema.index(
  { waitsFor: 1, updatedAt: 1 },
  { name: 'waiting', partialFilterExpression: { waitsFor: { $exists: true } } },
);

const quarantineSchema = new Schema<QuarantinedDoc>(
  {
    _id: required,
    orderId: required,
    attemptId: String,
    reason: required,
    expected: snapshot,
    received: snapshot,
    reference: required,
    eventId: String,
    createdAt: date,
    resolvedAt: Date,
    resolution: Schema.Types.Mixed,
    returns: Schema.Types.Mixed,
  },
  { ...schemaOptions, collection: 'payment_quarantine' },
);
// What waits for a person, the newest first; what somebody dealt with is not read.
quarantineSchema.index({ resolvedAt: 1, createdAt: -1, _id: -1 });

/** Binds the collections of the ledger to a connection. */
export const createLedgerModels = (connection: Connection): LedgerModels => ({
  payments: connection.model<PaymentDoc>('Payment', paymentSchema),
  refunds: connection.model<RefundDoc>('PaymentRefund', refundSchema),
  quarantine: connection.model<QuarantinedDoc>('PaymentQuarantine', quarantineSchema),
});
