import type { Money } from '@cartwright/domain-money';
import type { PriceDiscount } from '@cartwright/domain-pricing';
import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/** A coupon. Amounts in minor units of `currency`. */
export interface CouponDoc {
  _id: string;
  /** Normalised, unique. */
  code: string;
  discount: PriceDiscount;
  currency: string;
  active: boolean;
  startsAt?: Date;
  endsAt?: Date;
  /** When MongoDB may delete it: some time after its end. */
  purgeAt?: Date;
  totalLimit?: number;
  perCustomerLimit?: number;
  minimum?: number;
  productIds?: string[];
  categoryIds?: string[];
  includeSaleItems: boolean;
  /** Uses that were not given back. */
  redeemed: number;
  /** Counts up with each change of the rules; absent in old ones, which stand for 1. */
  version?: number;
  createdAt: Date;
}

/** How often a customer has used a coupon; the id is made of both. */
export interface CouponCustomerDoc {
  _id: string;
  couponId: string;
  customer: string;
  count: number;
}

/** A use of a coupon by an order. Outlives the coupon. */
export interface RedemptionDoc {
  /** The order's id: an order uses a coupon once. */
  _id: string;
  couponId: string;
  code: string;
  customer: string;
  /** Absent in old records. */
  orderNumber?: string;
  discount?: Money;
  status: 'redeemed' | 'given_back';
  at: Date;
}

export interface CouponModels {
  coupons: Model<CouponDoc>;
  customers: Model<CouponCustomerDoc>;
  redemptions: Model<RedemptionDoc>;
}

const discountSchema = new Schema<PriceDiscount>(
  { kind: { type: String, required: true }, amount: Number, basisPoints: Number, maximum: Number },
  { ...schemaOptions, _id: false },
);

const couponSchema = new Schema<CouponDoc>(
  {
    _id: { type: String, required: true },
    code: { type: String, required: true },
    discount: { type: discountSchema, required: true },
    currency: { type: String, required: true },
    active: { type: Boolean, required: true },
    startsAt: Date,
    endsAt: Date,
    purgeAt: Date,
    totalLimit: Number,
    perCustomerLimit: Number,
    minimum: Number,
    productIds: { type: [String], default: undefined },
    categoryIds: { type: [String], default: undefined },
    includeSaleItems: { type: Boolean, required: true },
    redeemed: { type: Number, required: true, min: 0 },
    version: Number,
    createdAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'coupons' },
);
couponSchema.index({ code: 1 }, { unique: true });
// Deletion is lazy: whoever redeems checks the dates himself.
couponSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

const customerSchema = new Schema<CouponCustomerDoc>(
  {
    _id: { type: String, required: true },
    couponId: { type: String, required: true },
    customer: { type: String, required: true },
    count: { type: Number, required: true, min: 0 },
  },
  { ...schemaOptions, collection: 'coupon_customers' },
);
customerSchema.index({ couponId: 1 });

const redemptionSchema = new Schema<RedemptionDoc>(
  {
    _id: { type: String, required: true },
    couponId: { type: String, required: true },
    code: { type: String, required: true },
    customer: { type: String, required: true },
    orderNumber: String,
    discount: Schema.Types.Mixed,
    status: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'coupon_redemptions' },
);
redemptionSchema.index({ couponId: 1, at: -1, _id: -1 });
redemptionSchema.index({ couponId: 1, customer: 1 });

/** Binds the collections of coupons to a connection. */
export const createCouponModels = (connection: Connection): CouponModels => ({
  coupons: connection.model<CouponDoc>('Coupon', couponSchema),
  customers: connection.model<CouponCustomerDoc>('CouponCustomer', customerSchema),
  redemptions: connection.model<RedemptionDoc>('CouponRedemption', redemptionSchema),
});
