import { idSchema } from '@cartwright/api-core';
import { z } from 'zod';
import { adminListOrdersInput } from '../orders-admin.contracts.ts';

/** The filters of `admin.orders.list`: all orders without any. */
export const exportOrdersInput = adminListOrdersInput.omit({ limit: true, cursor: true });
export const orderExportStatusInput = z.strictObject({ exportId: idSchema });

export const orderExportSchema = z.object({
  id: z.string(),
  state: z.enum(['pending', 'done', 'failed']),
  /** Written so far. */
  orders: z.number().int(),
  /** How many there are to write; absent until a worker begins. */
  total: z.number().int().optional(),
  /** Downloads it, for a few minutes; ask again for another. */
  url: z.string().optional(),
  createdAt: z.date(),
  /** When the file is deleted. */
  expiresAt: z.date(),
});

export type OrderWish = z.output<typeof exportOrdersInput>;
export type OrderExportDto = z.infer<typeof orderExportSchema>;
