import type { ExportFiles } from '@cartwright/platform-exports';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { Queues } from '@cartwright/platform-queue';
import type { ImportFilesPort, PicturesPort, TaxClassesPort, VariantStockPort } from '../catalog.ports.ts';
import { createCategoryRepository } from '../category-repository.ts';
import { createCsv } from '../csv/create-csv-transfers.ts';
import type { BrandModel, CategoryModel } from '../category.model.ts';
import type { ProductModel } from '../product.model.ts';
import { createBrandAdmin } from './brand-admin.ts';
import { createCategoryAdmin } from './category-admin.ts';
import { createProductAdmin } from './product-admin.ts';
import { createProductAdminRepository } from './product-admin-repository.ts';
import { createProductImages } from './product-images.ts';
import { createProductEditor } from './product-editor.ts';
import { createReferenceRepository } from './reference-repository.ts';
import { createSaveProduct } from './save-product.ts';
import { createProductWriter } from './write-products.ts';

/** What administrators do with the catalog, put together. */
export function createCatalogAdmin({
  models,
  mongo,
  outbox,
  pictures,
  stock,
  currency,
  taxClasses,
  clock,
  ...ports
}: {
  models: { products: ProductModel; categories: CategoryModel; brands: BrandModel };
  mongo: Pick<Mongo, 'transaction' | 'connection'>;
  outbox: Pick<Outbox, 'append'>;
  pictures: PicturesPort;
  stock: VariantStockPort;
  /** The shop's currency: prices are its minor units. */
  currency: string;
  taxClasses: TaxClassesPort;
  queues: Pick<Queues, 'enqueue'>;
  uploads: ImportFilesPort;
  files: ExportFiles;
  clock: () => Date;
}) {
  const references = createReferenceRepository(models);
  const products = createProductAdminRepository(models);
  const writer = createProductWriter({ products, outbox, clock });
  const save = createSaveProduct({ references, writer, stock, currency, taxClasses, clock });
  const categories = createCategoryRepository(models);
  return {
    ...createCsv({ mongo, outbox, products, categories, save, currency, taxClasses, clock, ...ports }),
    brandAdmin: createBrandAdmin({ references, mongo, outbox, clock }),
    categoryAdmin: createCategoryAdmin({ references, mongo, outbox, clock }),
    productAdmin: createProductAdmin({ references, products, writer, mongo, clock }),
    productEditor: createProductEditor({ products, save, stock, currency, taxClasses, mongo }),
    productImages: createProductImages({ products, writer, pictures, mongo }),
  };
}
