import { moneySchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

/** Money that came in and fits no order: another amount, another currency, or no such order. */
export const quarantinedSchema = z.object({
  id: z.string(),
  orderId: z.string(),
  reason: z.enum(['amount_mismatch', 'currency_mismatch', 'order_missing']),
  expected: moneySchema,
  /** As the provider said it, in its own units; perhaps not even a currency of the shop. */
  received: z.object({ amount: z.number().nullable(), currency: z.string().nullable() }),
  /** The provider's id of the payment. */
  reference: z.string(),
  createdAt: z.date(),
});

export const listQuarantineInput = z.strictObject({
  ...pageInput,
  /** Of one order alone. */
  orderId: z.string().min(1).max(64).optional(),
});
/** What waits for a person, the newest first. */
export const listQuarantineOutput = pageOf(quarantinedSchema);

export const resolveQuarantineInput = z.strictObject({
  /** The provider's id: longer than those of the shop. */
  id: z.string().min(1).max(255),
  /** `refund` gives it back; `settled` notes that it was dealt with at the provider. Either way the order can be paid anew. */
  action: z.enum(['refund', 'settled']),
  note: z.string().trim().min(1).max(500).optional(),
});
export const resolveQuarantineOutput = z.object({ id: z.string() });

export type ListQuarantineInput = z.output<typeof listQuarantineInput>;
export type ResolveQuarantineInput = z.output<typeof resolveQuarantineInput>;
