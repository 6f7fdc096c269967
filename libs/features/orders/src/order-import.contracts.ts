import { addressSchema } from '@cartwright/api-core';
import { z } from 'zod';
import { paymentMethodSchema } from './orders.contracts.ts';

/** How far a past order had come in the system it comes from. */
export const importedOrderStateSchema = z.enum([
  'pending',
  'paid',
  'processing',
  'shipped',
  'delivered',
  'returned',
  'refunded',
  'canceled',
]);

/** A past order as an operator hands it over. It is priced by the shop's present prices and rates. */
export const importedOrderSchema = z.strictObject({
  /** Names the order where it comes from: imported once. */
  reference: z.string().trim().min(1).max(100),
  customerEmail: z.string().trim().toLowerCase().max(254).pipe(z.email()),
  placedAt: z.coerce.date(),
  lines: z
    .array(z.strictObject({ sku: z.string().min(1).max(64), quantity: z.number().int().min(1).max(999) }))
    .min(1)
    .max(50),
  shippingAddress: addressSchema,
  shippingMethod: z.string().min(1).max(40),
  paymentMethod: paymentMethodSchema,
  coupon: z.string().min(1).max(40).optional(),
  state: importedOrderStateSchema,
});

export const importOrdersSchema = z.array(importedOrderSchema).max(10_000);

export type ImportedOrderState = z.infer<typeof importedOrderStateSchema>;
export type ImportedOrder = z.output<typeof importedOrderSchema>;
export type ImportOrdersInput = z.input<typeof importOrdersSchema>;
