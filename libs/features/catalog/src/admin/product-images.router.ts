import { requirePermission, router } from '@cartwright/api-core';
import { adminProductDetailSchema } from './product-admin.contracts.ts';
import { attachImageInput, describeImageInput, imageInput, reorderImagesInput } from './product-images.contracts.ts';
import type { ProductImages } from './product-images.ts';

const writing = requirePermission('catalog.write', { target: { kind: 'product', field: 'productId' } });

/** `admin.products.images.*`: which pictures a product has, in which order. */
export function createAdminProductImagesRouter({ productImages }: { productImages: ProductImages }) {
  return router({
    images: router({
      attach: writing
        .input(attachImageInput)
        .output(adminProductDetailSchema)
        .mutation(({ ctx, input }) => productImages.attach(ctx.principal.userId, input)),
      reorder: writing
        .input(reorderImagesInput)
        .output(adminProductDetailSchema)
        .mutation(({ input }) => productImages.reorder(input)),
      describe: writing
        .input(describeImageInput)
        .output(adminProductDetailSchema)
        .mutation(({ input }) => productImages.describe(input)),
      remove: writing
        .input(imageInput)
        .output(adminProductDetailSchema)
        .mutation(({ input }) => productImages.remove(input)),
    }),
  });
}
