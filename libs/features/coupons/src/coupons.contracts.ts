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

export const createCouponInput = z.strictObject({
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
});

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
  createdAt: z.date(),
});

export const listCouponsInput = z.strictObject({ ...pageInput });
export const listCouponsOutput = pageOf(couponSchema);
export const setCouponActiveInput = z.strictObject({ id: idSchema, active: z.boolean() });

export type CouponDto = z.infer<typeof couponSchema>;
export type CreateCouponInput = z.output<typeof createCouponInput>;
