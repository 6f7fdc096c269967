export * from './catalog.contracts.ts';
export type { BrandAdmin } from './admin/brand-admin.ts';
export type { CategoryAdmin } from './admin/category-admin.ts';
export { createCatalogAdmin } from './admin/create-catalog-admin.ts';
export type { ProductAdmin } from './admin/product-admin.ts';
export type { ProductEditor } from './admin/product-editor.ts';
export { createProductEditorRouter } from './admin/product-editor.router.ts';
export { createAdminProductsRouter } from './admin/product-admin.router.ts';
export type { ProductImages } from './admin/product-images.ts';
export { createAdminProductImagesRouter } from './admin/product-images.router.ts';
export { createAdminBrandsRouter, createAdminCategoriesRouter } from './admin/references.router.ts';
export { importCatalogSchema, importResultSchema } from './catalog-import.contracts.ts';
export type { ImportCatalogInput, ImportProduct, ImportResult } from './catalog-import.contracts.ts';
export { createCatalogImport } from './catalog-import.ts';
export type { CatalogImport } from './catalog-import.ts';
export { letSalesPassJob, publishDueJob, refreshPricesJob } from './catalog.jobs.ts';
export type {
  IndexMark,
  IndexPage,
  InitialStockPort,
  ImportFilesPort,
  PicturesPort,
  ProductIndexPort,
  TaxClassesPort,
  VariantStockPort,
} from './catalog.ports.ts';
export { productsChanged, productsStored } from './catalog.events.ts';
export type { CsvTransfers } from './csv/csv-transfers.ts';
export { csvJobs, sweepCsvJob } from './csv/transfer.jobs.ts';
export { createCsvTransfersRouter } from './csv/transfer.router.ts';
export { createCatalogRouter } from './catalog.router.ts';
export { createCatalogService, encodeMark, readMark } from './catalog-service.ts';
export type { CatalogService } from './catalog-service.ts';
export { createBestSellers } from './best-sellers.ts';
export type { BestSellers } from './best-sellers.ts';
export { createDaySalesModel } from './day-sales.model.ts';
export { createDaySalesRepository } from './day-sales-repository.ts';
export { createBoughtTogetherModel } from './bought-together.model.ts';
export { createBoughtTogetherRepository } from './bought-together-repository.ts';
export { createBrandModel, createCategoryModel } from './category.model.ts';
export { createCategoryRepository } from './category-repository.ts';
export { createBestRated } from './best-rated.ts';
export type { BestRated } from './best-rated.ts';
export { createHome } from './home.ts';
export type { Home } from './home.ts';
export { createHomeRepository } from './home-repository.ts';
export { createRelatedProducts } from './related-products.ts';
export type { RelatedProducts } from './related-products.ts';
export type { SellableVariant } from './product-mapping.ts';
export { createProductChanges } from './product-changes.ts';
export type { ProductChanges } from './product-changes.ts';
export { createProductModel } from './product.model.ts';
export { createProductRepository } from './product-repository.ts';
export type { ProductQuery, ProductRepository } from './product-repository.ts';
export type { SearchableProduct } from './product-source.ts';
export { tokenize } from './search-terms.ts';
