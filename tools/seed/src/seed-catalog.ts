import type { Composition } from '@cartwright/composition';
import { toCatalogRecord, type CatalogRecord } from './catalog-records.ts';
import type { DemoData } from './demo-data.ts';
import { createProductGenerator, readGenerator, sharedPictureName } from './generated-products.ts';
import { writePictures } from './pictures.ts';
import type { Progress } from './progress.ts';

const BATCH = 500;

type CatalogShop = Pick<Composition, 'catalogImport'> & { services: Pick<Composition['services'], 'catalog'> };

/** The written products first, then as many generated ones as it takes to have `count` altogether. */
export function* catalogRecords(data: DemoData, count: number, now: Date): Generator<CatalogRecord> {
  for (const product of data.products) yield toCatalogRecord(product, now);
  if (count <= data.products.length) return;
  const make = createProductGenerator(readGenerator(), data.brands);
  for (let index = 0; index < count - data.products.length; index += 1) {
    const product = make(index);
    yield toCatalogRecord(product, now, sharedPictureName(product));
  }
}

function* batches<T>(values: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const value of values) {
    batch.push(value);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

interface Branch {
  readonly slug: string;
  readonly children: readonly Branch[];
}

const slugsOf = (branches: readonly Branch[]): string[] =>
  branches.flatMap(({ slug, children }) => [slug, ...slugsOf(children)]);

/** Categories and brands that are not there yet; others may have been renamed by an operator and stay so. */
async function importStructure({ services, catalogImport }: CatalogShop, data: DemoData): Promise<void> {
  const [knownBrands, tree] = await Promise.all([services.catalog.brands(), services.catalog.categoryTree()]);
  const known = new Set(slugsOf(tree));
  const knownBrandSlugs = new Set(knownBrands.map(({ slug }) => slug));
  const categories = data.categories.filter(({ slug }) => !known.has(slug));
  const brands = data.brands.filter(({ slug }) => !knownBrandSlugs.has(slug));
  if (categories.length + brands.length > 0) await catalogImport.importCatalog({ categories, brands });
}

/**
 * Imports categories, brands and `count` products (never fewer than the demo catalog has) and draws their pictures into
 * `mediaDir`. Products that are there already are left as they are. Returns how many were new.
 */
export async function seedCatalog({
  shop,
  data,
  count,
  now,
  mediaDir,
  progress,
}: {
  shop: CatalogShop;
  data: DemoData;
  count: number;
  now: Date;
  mediaDir: string | undefined;
  progress: Progress;
}): Promise<number> {
  const total = Math.max(count, data.products.length);
  await importStructure(shop, data);
  let done = 0;
  let fresh = 0;
  for (const batch of batches(catalogRecords(data, total, now), BATCH)) {
    const known = await shop.services.catalog.idsBySlug(batch.map(({ product }) => product.slug));
    const missing = batch.filter(({ product }) => !known.has(product.slug));
    if (missing.length > 0) await shop.catalogImport.importCatalog({ products: missing.map(({ product }) => product) });
    if (mediaDir !== undefined)
      await writePictures(
        batch.flatMap(({ pictures }) => pictures),
        mediaDir,
      );
    done += batch.length;
    fresh += missing.length;
    progress.step('Products', done, total);
  }
  return fresh;
}
