import { requirePermission, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import type { InventoryService } from './inventory-service.ts';
import {
  adjustStockInput,
  setStockInput,
  stockLevelSchema,
  stockLevelsInput,
  stockLevelsOutput,
  stockMovementsInput,
  stockMovementsOutput,
} from './stock-admin.contracts.ts';

const target = { kind: 'variant', field: 'variantId' } as const;

/** The part of `admin.products.*` that is about stock: counts, corrections, and how a level came about. */
export function createAdminStockRouter({
  inventory,
  idempotency,
}: {
  inventory: InventoryService;
  idempotency: Idempotency;
}) {
  return router({
    stockLevels: requirePermission('stock.read')
      .input(stockLevelsInput)
      .output(stockLevelsOutput)
      .query(async ({ input }) => ({ items: [...(await inventory.levels(input.variantIds)).values()] })),
    stockMovements: requirePermission('stock.read')
      .input(stockMovementsInput)
      .output(stockMovementsOutput)
      .query(({ input }) => inventory.movements(input)),
    setStock: requirePermission('stock.write', { target, fields: ['onHand'] })
      .input(withIdempotency(setStockInput))
      .use(idempotency.required)
      .output(stockLevelSchema)
      .mutation(({ ctx, input }) => inventory.setStock({ ...input, by: ctx.principal.userId }, ctx.intent)),
    adjustStock: requirePermission('stock.write', { target, fields: ['delta'] })
      .input(withIdempotency(adjustStockInput))
      .use(idempotency.required)
      .output(stockLevelSchema)
      .mutation(({ ctx, input }) => inventory.adjust({ ...input, by: ctx.principal.userId }, ctx.intent)),
  });
}
