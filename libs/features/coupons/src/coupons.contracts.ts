import { idSchema, moneySchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

const minorUnits = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const couponDiscountSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), amount: minorUnits }),
  z.strictObject({
    kind: z.literal('percentage'),
    /** 1 % is 100. */
    basisPoints: z.number().int().min(1).max(10_000),
    maximum: minorUnits.optional(),
  }),
  z.strictObject({ kind: z.literal('free_shipping') }),
]);

const couponRules = {
  code: z
    .string()
    .trim()
    .min(2)
    .max(40)
    .regex(/^[A-Za-z0-9_-]+$/),
  discount: couponDiscountSchema,
  startsAt: z.date().optional(),
  endsAt: z.date().optional(),
  totalLimit: z.number().int().min(1).max(1_000_000_000).optional(),
  perCustomerLimit: z.number().int().min(1).max(1_000_000).optional(),
  /** Minor units over the eligible lines. */
  minimum: minorUnits.optional(),
  productIds: z.array(idSchema).max(500).optional(),
  categoryIds: z.array(idSchema).max(500).optional(),
  includeSaleItems: z.boolean().default(true),
  active: z.boolean().default(true),
};

export const createCouponInput = z.strictObject(couponRules);
/** The whole coupon: what is left out is no rule any more. `version` is that which was read. */
export const updateCouponInput = z.strictObject({ id: idSchema, version: z.number().int().min(1), ...couponRules });
export const couponIdInput = z.strictObject({ id: idSchema });

export const couponSchema = z.object({
  id: z.string(),
  code: z.string(),
  discount: couponDiscountSchema,
  currency: z.string(),
  startsAt: z.date().optional(),
  endsAt: z.date().optional(),
  totalLimit: z.number().int().optional(),
  perCustomerLimit: z.number().int().optional(),
  minimum: moneySchema.optional(),
  productIds: z.array(z.string()).optional(),
  categoryIds: z.array(z.string()).optional(),
  includeSaleItems: z.boolean(),
  active: z.boolean(),
  redeemed: z.number().int(),
  /** Counts up with each update. */
  version: z.number().int(),
  createdAt: z.date(),
});

/** A coupon with what its uses come to: those that stand, those given back, by how many customers, and what they took off. */
export const couponDetailSchema = couponSchema.extend({
  usage: z.object({
    redeemed: z.number().int(),
    givenBack: z.number().int(),
    customers: z.number().int(),
    discount: moneySchema,
  }),
});

export const redemptionSchema = z.object({
  orderId: z.string(),
  orderNumber: z.string().optional(),
  /** A user's id or a guest's e-mail. */
  customer: z.string(),
  status: z.enum(['redeemed', 'given_back']),
  discount: moneySchema.optional(),
  at: z.date(),
});

export const listRedemptionsInput = z.strictObject({ id: idSchema, ...pageInput });
export const listRedemptionsOutput = pageOf(redemptionSchema);
export const removeCouponOutput = z.object({ ok: z.literal(true) });
export const listCouponsInput = z.strictObject({ ...pageInput });
export const listCouponsOutput = pageOf(couponSchema);
export const setCouponActiveInput = z.strictObject({ id: idSchema, active: z.boolean() });

export type CouponDto = z.infer<typeof couponSchema>;
export type CouponDetailDto = z.infer<typeof couponDetailSchema>;
export type RedemptionDto = z.infer<typeof redemptionSchema>;
export type CouponRulesInput = CreateCouponInput;
export type UpdateCouponInput = z.output<typeof updateCouponInput>;
export type CreateCouponInput = z.output<typeof createCouponInput>;
