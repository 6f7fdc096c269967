import { requirePermission, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import type { BrandAdmin } from './brand-admin.ts';
import type { CategoryAdmin } from './category-admin.ts';
import {
  adminBrandSchema,
  adminCategorySchema,
  createBrandInput,
  createCategoryInput,
  listBrandsOutput,
  listCategoriesInput,
  listCategoriesOutput,
  listReferencesInput,
  moveCategoryInput,
  referenceIdInput,
  reorderCategoriesInput,
  updateBrandInput,
  updateCategoryInput,
} from './references.contracts.ts';

const writing = (kind: string) => requirePermission('catalog.write', { target: { kind, field: 'id' } });

/** `admin.brands.*` */
export function createAdminBrandsRouter({
  brandAdmin,
  idempotency,
}: {
  brandAdmin: BrandAdmin;
  idempotency: Idempotency;
}) {
  return router({
    list: requirePermission('catalog.read')
      .input(listReferencesInput)
      .output(listBrandsOutput)
      .query(({ input }) => brandAdmin.list(input)),
    create: requirePermission('catalog.write', { fields: ['slug'] })
      .input(withIdempotency(createBrandInput))
      .use(idempotency.optional)
      .output(adminBrandSchema)
      .mutation(({ input }) => brandAdmin.create(input)),
    update: writing('brand')
      .input(updateBrandInput)
      .output(adminBrandSchema)
      .mutation(({ input }) => brandAdmin.update(input)),
    remove: writing('brand')
      .input(referenceIdInput)
      .output(adminBrandSchema)
      .mutation(({ input }) => brandAdmin.remove(input.id)),
    restore: writing('brand')
      .input(referenceIdInput)
      .output(adminBrandSchema)
      .mutation(({ input }) => brandAdmin.restore(input.id)),
  });
}

/** `admin.categories.*` */
export function createAdminCategoriesRouter({
  categoryAdmin,
  idempotency,
}: {
  categoryAdmin: CategoryAdmin;
  idempotency: Idempotency;
}) {
  return router({
    list: requirePermission('catalog.read')
      .input(listCategoriesInput)
      .output(listCategoriesOutput)
      .query(async ({ input }) => ({ items: await categoryAdmin.list(input.deleted) })),
    create: requirePermission('catalog.write', { fields: ['slug', 'parentId'] })
      .input(withIdempotency(createCategoryInput))
      .use(idempotency.optional)
      .output(adminCategorySchema)
      .mutation(({ input }) => categoryAdmin.create(input)),
    update: writing('category')
      .input(updateCategoryInput)
      .output(adminCategorySchema)
      .mutation(({ input }) => categoryAdmin.update(input)),
    move: requirePermission('catalog.write', { target: { kind: 'category', field: 'id' }, fields: ['parentId'] })
      .input(moveCategoryInput)
      .output(adminCategorySchema)
      .mutation(({ input }) => categoryAdmin.move(input)),
    reorder: requirePermission('catalog.write', { fields: ['parentId'] })
      .input(reorderCategoriesInput)
      .output(listCategoriesOutput)
      .mutation(async ({ input }) => ({ items: await categoryAdmin.reorder(input) })),
    remove: writing('category')
      .input(referenceIdInput)
      .output(adminCategorySchema)
      .mutation(({ input }) => categoryAdmin.remove(input.id)),
    restore: writing('category')
      .input(referenceIdInput)
      .output(adminCategorySchema)
      .mutation(({ input }) => categoryAdmin.restore(input.id)),
  });
}
