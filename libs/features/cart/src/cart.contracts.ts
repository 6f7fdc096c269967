import { idSchema, moneySchema, quantitySchema } from '@cartwright/api-core';
import { z } from 'zod';

export const couponCodeSchema = z
  .string()
  .trim()
  .min(2)
  .max(40)
  .regex(/^[A-Za-z0-9_-]+$/, 'Letters, digits, - and _');

export const addItemInput = z.strictObject({ variantId: idSchema, quantity: quantitySchema });
export const setQuantityInput = z.strictObject({ variantId: idSchema, quantity: quantitySchema });
export const removeItemInput = z.strictObject({ variantId: idSchema });
export const applyCouponInput = z.strictObject({ code: couponCodeSchema });

export const priceStepSchema = z.object({
  kind: z.enum(['subtotal', 'discount', 'shipping', 'tax', 'total']),
  label: z.string(),
  amount: moneySchema,
  lineId: z.string().optional(),
});

/** Something the buyer should know about a line before ordering. */
export const lineNoticeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('price_changed'), previous: moneySchema }),
  z.object({ kind: z.literal('low_stock'), available: z.number().int() }),
  z.object({ kind: z.literal('insufficient_stock'), available: z.number().int() }),
  z.object({ kind: z.literal('unavailable') }),
]);

export const lineProductSchema = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  image: z.string().nullable(),
  sku: z.string(),
  options: z.record(z.string(), z.string()),
});

export const cartLineSchema = z.object({
  lineId: z.string(),
  variantId: z.string(),
  product: lineProductSchema,
  quantity: z.number().int(),
  unitPrice: moneySchema,
  compareAt: moneySchema.optional(),
  total: moneySchema,
  notices: z.array(lineNoticeSchema),
});

export const cartCouponSchema = z.object({
  code: z.string(),
  applied: z.boolean(),
  /** Why it gives nothing now, when `applied` is false: a COUPON_* reason. */
  reason: z.string().optional(),
});

/** The cart with its full price explanation: the steps before the total sum to the total. Shipping and tax come with the quote. */
export const cartViewSchema = z.object({
  id: z.string(),
  version: z.number().int(),
  lines: z.array(cartLineSchema),
  itemCount: z.number().int(),
  coupon: cartCouponSchema.optional(),
  pricing: z.object({ steps: z.array(priceStepSchema), total: moneySchema }),
  /** Only on the guest's first mutation: keep it and send it as `x-cart-token`. */
  cartToken: z.string().optional(),
});

export type CartViewDto = z.infer<typeof cartViewSchema>;
export type CartLineDto = z.infer<typeof cartLineSchema>;
export type LineNotice = z.infer<typeof lineNoticeSchema>;
export type PriceStepDto = z.infer<typeof priceStepSchema>;
