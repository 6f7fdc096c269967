import { requirePermission, router } from '@cartwright/api-core';
import {
  adminProductDetailSchema,
  adminProductSchema,
  listAdminProductsInput,
  listAdminProductsOutput,
  productIdInput,
  setProductStatusInput,
  setProductStatusOutput,
} from './product-admin.contracts.ts';
import type { ProductAdmin } from './product-admin.ts';

const writing = requirePermission('catalog.write', { target: { kind: 'product', field: 'id' } });

/** `admin.products.*`, but for stock. */
export function createAdminProductsRouter({ productAdmin }: { productAdmin: ProductAdmin }) {
  return router({
    list: requirePermission('catalog.read')
      .input(listAdminProductsInput)
      .output(listAdminProductsOutput)
      .query(({ input }) => productAdmin.list(input)),
    byId: requirePermission('catalog.read')
      .input(productIdInput)
      .output(adminProductDetailSchema)
      .query(({ input }) => productAdmin.byId(input.id)),
    setStatus: requirePermission('catalog.write', { fields: ['status', 'publishAt'] })
      .input(setProductStatusInput)
      .output(setProductStatusOutput)
      .mutation(async ({ input }) => ({ items: await productAdmin.setStatus(input) })),
    remove: writing
      .input(productIdInput)
      .output(adminProductSchema)
      .mutation(({ input }) => productAdmin.remove(input.id)),
    restore: writing
      .input(productIdInput)
      .output(adminProductSchema)
      .mutation(({ input }) => productAdmin.restore(input.id)),
  });
}
