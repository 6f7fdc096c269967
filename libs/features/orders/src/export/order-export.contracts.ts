import { exportStatusSchema } from '@cartwright/api-core';
import { z } from 'zod';
import { adminListOrdersInput } from '../orders-admin.contracts.ts';

/** The filters of `admin.orders.list`: all orders without any. */
export const exportOrdersInput = adminListOrdersInput.omit({ limit: true, cursor: true });

export const orderExportSchema = exportStatusSchema.extend({
  /** Written so far. */
  orders: z.number().int(),
});

export type OrderWish = z.output<typeof exportOrdersInput>;
export type OrderExportDto = z.infer<typeof orderExportSchema>;
