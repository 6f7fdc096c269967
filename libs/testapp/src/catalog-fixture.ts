import type { Composition } from '@cartwright/composition';

/** A product for tests: price in minor units, pieces in stock. */
export interface FixtureProduct {
  slug: string;
  title?: string;
  price?: number;
  salePrice?: number;
  stock?: number;
  category?: string;
}

/** Imports products, one variant each, under the category `things`; answers variant ids by slug. */
export async function importProducts(
  shop: Composition,
  products: readonly FixtureProduct[],
): Promise<Map<string, string>> {
  await shop.catalogImport.importCatalog({
    categories: [
      { slug: 'things', name: 'Things' },
      { slug: 'fine-things', name: 'Fine things', parent: 'things', position: 1 },
    ],
    brands: [{ slug: 'acme', name: 'Acme' }],
    products: products.map(({ slug, title, price = 1_000, salePrice, stock = 10, category = 'things' }) => ({
      slug,
      title: title ?? `The ${slug}`,
      brand: 'acme',
      categories: [category],
      variants: [{ sku: slug.toUpperCase(), price, stock, ...(salePrice === undefined ? {} : { salePrice }) }],
    })),
  });
  const found = await Promise.all(
    products.map(async ({ slug }) => [slug, (await shop.services.catalog.bySlug(slug)).variants[0]?.id ?? ''] as const),
  );
  return new Map(found);
}
