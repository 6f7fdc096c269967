import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

const PIECES_MAX = 1_000_000;
const reason = z.string().trim().min(1).max(200);

export const stockLevelSchema = z.object({
  variantId: z.string(),
  /** What lies in the house, promised pieces included. */
  onHand: z.number().int(),
  reserved: z.number().int(),
  available: z.number().int(),
  version: z.number().int(),
});

export const setStockInput = z.strictObject({
  variantId: idSchema,
  onHand: z.number().int().min(0).max(PIECES_MAX),
  reason,
  /** What the level must be at, so that nothing counted in between is lost. */
  expectedVersion: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});
export const adjustStockInput = z.strictObject({
  variantId: idSchema,
  delta: z
    .number()
    .int()
    .min(-PIECES_MAX)
    .max(PIECES_MAX)
    .refine((delta) => delta !== 0, 'Not zero'),
  reason,
});

export const stockMovementsInput = z.strictObject({ variantId: idSchema, ...pageInput });
export const stockMovementsOutput = pageOf(
  z.object({
    id: z.string(),
    kind: z.enum(['hold', 'release', 'ship', 'restock', 'adjust']),
    deltaOnHand: z.number().int(),
    deltaReserved: z.number().int(),
    source: z.string(),
    sourceId: z.string(),
    reason: z.string().optional(),
    /** The user who did it; absent where the shop did. */
    by: z.string().optional(),
    at: z.date(),
  }),
);
/** Levels of up to a hundred variants; those without a record are left out. */
export const stockLevelsInput = z.strictObject({ variantIds: z.array(idSchema).min(1).max(100) });
export const stockLevelsOutput = z.object({ items: z.array(stockLevelSchema) });

export type StockMovementsInput = z.infer<typeof stockMovementsInput>;
