import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type {
  GuestAccess,
  Order,
  OrderLine,
  OrderRefund,
  OrderReturn,
  ReturnRequest,
  Shipment,
  TimelineEntry,
} from './order.ts';

/** An order as stored: as it is, under its id. */
export type OrderDoc = Omit<Order, 'id'> & { _id: string };
export type OrderModel = Model<OrderDoc>;

const embedded = { ...schemaOptions, _id: false } as const;
const required = { type: String, required: true } as const;
const snapshot = { type: Schema.Types.Mixed, required: true } as const;

const lineSchema = new Schema<OrderLine>(
  {
    lineId: required,
    variantId: required,
    quantity: { type: Number, required: true },
    taxClass: required,
    product: snapshot,
  },
  embedded,
);

const timelineSchema = new Schema<TimelineEntry>(
  { at: { type: Date, required: true }, kind: required, by: required, text: required, actorId: String, detail: String },
  embedded,
);

const shipmentSchema = new Schema<Shipment>(
  {
    id: required,
    at: { type: Date, required: true },
    carrier: required,
    trackingNumber: required,
    lines: snapshot,
    deliveredAt: Date,
  },
  embedded,
);

const returnSchema = new Schema<OrderReturn>(
  { id: required, at: { type: Date, required: true }, lines: snapshot, restocked: { type: Boolean, required: true } },
  embedded,
);

const returnRequestSchema = new Schema<ReturnRequest>(
  {
    id: required,
    at: { type: Date, required: true },
    lines: snapshot,
    reason: required,
    status: required,
    answeredAt: Date,
    answer: String,
    actorId: String,
  },
  embedded,
);

const refundSchema = new Schema<OrderRefund>(
  {
    id: required,
    paymentId: String,
    amount: snapshot,
    status: required,
    waitsFor: String,
    at: { type: Date, required: true },
    parts: Schema.Types.Mixed,
    goods: Schema.Types.Mixed,
    movedAt: Date,
    origin: String,
    reason: String,
    actorId: String,
    wentThroughAt: Date,
    retriedAs: String,
  },
  embedded,
);

const guestSchema = new Schema<GuestAccess>(
  { seed: required, tokenHashes: { type: [String], required: true }, network: required },
  embedded,
);

/** Orders that may have pieces set aside: once all of them were delivered, nothing is. */
export const HOLDING = {
  hold: 'held',
  fulfillmentStatus: { $in: ['unfulfilled', 'processing', 'shipped', 'returned'] },
} as const;

/** Orders of which a return that was asked for waits for an answer. */
export const RETURN_ASKED = { 'returnRequests.status': 'asked' } as const;

const orderSchema = new Schema<OrderDoc>(
  {
    _id: required,
    number: required,
    version: { type: Number, required: true },
    userId: required,
    guest: guestSchema,
    email: required,
    cartId: required,
    status: required,
    paymentStatus: required,
    fulfillmentStatus: required,
    settlement: required,
    cancelReason: String,
    total: snapshot,
    lines: { type: [lineSchema], required: true },
    pricing: snapshot,
    coupon: Schema.Types.Mixed,
    shippingAddress: snapshot,
    billingAddress: snapshot,
    shippingMethod: snapshot,
    paymentMethod: required,
    note: String,
    hold: required,
    holdCount: { type: Number, required: true },
    holdExpiresAt: Date,
    expiresAt: Date,
    processingSince: Date,
    confirmedAt: Date,
    cancelRequestedAt: Date,
    reviewSince: Date,
    reviewedAt: Date,
    paymentId: String,
    paidAt: Date,
    canceledAt: Date,
    timeline: { type: [timelineSchema], required: true },
    refunds: { type: [refundSchema], required: true },
    shipments: { type: [shipmentSchema], default: undefined },
    returns: { type: [returnSchema], default: undefined },
    returnRequests: { type: [returnRequestSchema], default: undefined },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'orders' },
);
orderSchema.index({ number: 1 }, { unique: true });
orderSchema.index({ userId: 1, _id: -1 });
orderSchema.index({ userId: 1, status: 1, fulfillmentStatus: 1 });
orderSchema.index({ status: 1, _id: -1 });
orderSchema.index({ paymentStatus: 1, _id: -1 });
orderSchema.index({ fulfillmentStatus: 1, _id: -1 });
orderSchema.index({ email: 1, _id: -1 });
orderSchema.index({ createdAt: -1, _id: -1 });
// Orders of which a return waits for an answer: few of all there are.
orderSchema.index({ 'returnRequests.status': 1, _id: -1 }, { partialFilterExpression: { ...RETURN_ASKED } });
orderSchema.index({ 'guest.tokenHashes': 1 }, { sparse: true });
orderSchema.index({ 'guest.network': 1, status: 1 }, { sparse: true });
// What is still set aside, by variant.
orderSchema.index({ 'lines.variantId': 1 }, { partialFilterExpression: { ...HOLDING } });
// What was paid since a moment, for live figures.
orderSchema.index({ paidAt: 1 }, { sparse: true });
// Both clocks are taken off an order that is paid or canceled, so these hold running ones only.
orderSchema.index({ expiresAt: 1 }, { sparse: true });
orderSchema.index({ holdExpiresAt: 1 }, { sparse: true });

/** Binds the orders collection to a connection. */
export const createOrderModel = (connection: Connection): OrderModel =>
  connection.model<OrderDoc>('Order', orderSchema);
