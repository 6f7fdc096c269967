import type { CategoryRepository } from './category-repository.ts';
import type { ProductRepository } from './product-repository.ts';
import type { ProductDoc } from './product.model.ts';

/** All of a product that it is searched, filtered and sorted by. Price in minor units. */
export interface SearchableProduct {
  id: string;
  /** Counts up with every change. */
  version: number;
  /** Whether the public may buy it. */
  listed: boolean;
  title: string;
  brand: { id: string; name: string } | null;
  /** Its categories and all above them. */
  categoryIds: string[];
  categoryNames: string[];
  skus: string[];
  attributes: { name: string; value: string }[];
  priceFrom: number;
  available: boolean;
  ratingAverage: number;
  unitsSold: number;
  createdAt: Date;
}

/** Reads products for those who keep an index of them: always what is in the database, never a copy. */
export function createProductSource({
  products,
  categories,
}: {
  products: Pick<ProductRepository, 'byIdsWhatever' | 'byVariantIds' | 'listedAfter'>;
  categories: Pick<CategoryRepository, 'allCategories'>;
}) {
  // Names are read after the products: of one that was renamed meanwhile, the event is still to come.
  async function withNames(docs: readonly ProductDoc[]): Promise<SearchableProduct[]> {
    if (docs.length === 0) return [];
    const names = new Map((await categories.allCategories()).map(({ _id, name }) => [_id, name]));
    return docs.map((doc) => toSearchable(doc, names));
  }
  return {
    /** Those that are there, whatever their state. */
    byIds: async (ids: readonly string[]): Promise<SearchableProduct[]> => withNames(await products.byIdsWhatever(ids)),
    byVariantIds: async (ids: readonly string[]): Promise<SearchableProduct[]> =>
      withNames(await products.byVariantIds(ids)),
    /** Those for sale with ids after `after`, in their order. */
    listedAfter: async (after: string, limit: number): Promise<SearchableProduct[]> =>
      withNames(await products.listedAfter(after, limit)),
  };
}

function toSearchable(doc: ProductDoc, names: ReadonlyMap<string, string>): SearchableProduct {
  return {
    id: doc._id,
    version: doc.version,
    listed: doc.listed && doc.deletedAt === null,
    title: doc.title,
    brand: doc.brand && { id: doc.brand.id, name: doc.brand.name },
    categoryIds: [...doc.categoryIds],
    categoryNames: doc.categoryIds.flatMap((id) => names.get(id) ?? []),
    skus: doc.variants.map(({ sku }) => sku),
    attributes: doc.attributes.map(({ name, value }) => ({ name, value })),
    priceFrom: doc.priceFrom,
    available: doc.available,
    ratingAverage: doc.rating.average,
    unitsSold: doc.unitsSold,
    createdAt: doc.createdAt,
  };
}
