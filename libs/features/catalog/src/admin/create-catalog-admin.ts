import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { BrandModel, CategoryModel } from '../category.model.ts';
import type { ProductModel } from '../product.model.ts';
import { createBrandAdmin } from './brand-admin.ts';
import { createCategoryAdmin } from './category-admin.ts';
import { createProductAdmin } from './product-admin.ts';
import { createProductAdminRepository } from './product-admin-repository.ts';
import { createReferenceRepository } from './reference-repository.ts';

/** What administrators do with the catalog, put together. */
export function createCatalogAdmin({
  models,
  ...rest
}: {
  models: { products: ProductModel; categories: CategoryModel; brands: BrandModel };
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  const references = createReferenceRepository(models);
  return {
    brandAdmin: createBrandAdmin({ references, ...rest }),
    categoryAdmin: createCategoryAdmin({ references, ...rest }),
    productAdmin: createProductAdmin({ references, products: createProductAdminRepository(models), ...rest }),
  };
}
