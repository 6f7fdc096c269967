import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { PicturesPort } from '../catalog.ports.ts';
import type { BrandModel, CategoryModel } from '../category.model.ts';
import type { ProductModel } from '../product.model.ts';
import { createBrandAdmin } from './brand-admin.ts';
import { createCategoryAdmin } from './category-admin.ts';
import { createProductAdmin } from './product-admin.ts';
import { createProductAdminRepository } from './product-admin-repository.ts';
import { createProductImages } from './product-images.ts';
import { createReferenceRepository } from './reference-repository.ts';

/** What administrators do with the catalog, put together. */
export function createCatalogAdmin({
  models,
  pictures,
  ...rest
}: {
  models: { products: ProductModel; categories: CategoryModel; brands: BrandModel };
  pictures: PicturesPort;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  const references = createReferenceRepository(models);
  const products = createProductAdminRepository(models);
  return {
    brandAdmin: createBrandAdmin({ references, ...rest }),
    categoryAdmin: createCategoryAdmin({ references, ...rest }),
    productAdmin: createProductAdmin({ references, products, ...rest }),
    productImages: createProductImages({ products, pictures, ...rest }),
  };
}
