import { requirePermission, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import { adminProductDetailSchema } from './product-admin.contracts.ts';
import {
  createProductInput,
  createVariantInput,
  updateProductInput,
  updateVariantInput,
  variantIdInput,
} from './product-edit.contracts.ts';
import type { ProductEditor } from './product-editor.ts';

const writingVariant = requirePermission('catalog.write', { target: { kind: 'variant', field: 'variantId' } });

/** The part of `admin.products.*` that makes and changes products and their variants. */
export function createProductEditorRouter({
  productEditor,
  idempotency,
}: {
  productEditor: ProductEditor;
  idempotency: Idempotency;
}) {
  return router({
    create: requirePermission('catalog.write', { fields: ['slug', 'status'] })
      .input(withIdempotency(createProductInput))
      .use(idempotency.optional)
      .output(adminProductDetailSchema)
      .mutation(({ input }) => productEditor.create(input)),
    update: requirePermission('catalog.write', {
      target: { kind: 'product', field: 'id' },
      fields: ['slug', 'status', 'publishAt'],
    })
      .input(updateProductInput)
      .output(adminProductDetailSchema)
      .mutation(({ input }) => productEditor.update(input)),
    variants: router({
      create: requirePermission('catalog.write', {
        target: { kind: 'product', field: 'productId' },
        fields: ['sku', 'price'],
      })
        .input(withIdempotency(createVariantInput))
        .use(idempotency.optional)
        .output(adminProductDetailSchema)
        .mutation(({ input }) => productEditor.createVariant(input)),
      update: requirePermission('catalog.write', {
        target: { kind: 'variant', field: 'variantId' },
        fields: ['sku', 'price', 'salePrice'],
      })
        .input(updateVariantInput)
        .output(adminProductDetailSchema)
        .mutation(({ input }) => productEditor.updateVariant(input)),
      remove: writingVariant
        .input(variantIdInput)
        .output(adminProductDetailSchema)
        .mutation(({ input }) => productEditor.removeVariant(input.variantId, input.expectedVersion)),
      restore: writingVariant
        .input(variantIdInput)
        .output(adminProductDetailSchema)
        .mutation(({ input }) => productEditor.restoreVariant(input.variantId, input.expectedVersion)),
    }),
  });
}
