import { DomainError, invalidInput } from '@cartwright/domain-errors';
import { isDuplicateKeyError, newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import {
  importCatalogSchema,
  type ImportCatalogInput,
  type ImportProduct,
  type ImportResult,
} from './catalog-import.contracts.ts';
import type { InitialStockPort } from './catalog.ports.ts';
import type { BrandDoc, CategoryDoc } from './category.model.ts';
import type { CategoryRepository } from './category-repository.ts';
import { deriveFromVariants } from './product-pricing.ts';
import type { ProductRepository } from './product-repository.ts';
import type { ProductDoc, ReferenceDoc, VariantDoc } from './product.model.ts';
import { searchTermsOf } from './search-terms.ts';

/** Products written in one transaction. */
const BATCH = 250;

/**
 * Imports categories, brands and products as an operator hands them over. Records are matched by slug (variants by SKU):
 * importing again updates what differs and leaves stock alone. Each batch of products is one transaction.
 * Throws INVALID_INPUT naming the record at fault, SLUG_TAKEN or SKU_TAKEN; nothing of that batch is kept.
 */
export function createCatalogImport({
  mongo,
  products,
  categories,
  stock,
  currency,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  products: Pick<ProductRepository, 'bySlugs' | 'saveAll'>;
  categories: CategoryRepository;
  stock: InitialStockPort;
  /** The shop's currency: prices in an import are its minor units. */
  currency: string;
  clock: () => Date;
}) {
  async function importCategories(input: ReturnType<typeof importCatalogSchema.parse>['categories'], tx: Tx) {
    const known = new Map((await categories.allCategories()).map((doc) => [doc.slug, doc]));
    const changed: CategoryDoc[] = [];
    for (const category of input) {
      const parent = category.parent === undefined ? undefined : known.get(category.parent);
      if (category.parent !== undefined && !parent) {
        throw invalidInput(`Category "${category.slug}": its parent "${category.parent}" must come before it`);
      }
      const id = known.get(category.slug)?._id ?? newId();
      const doc: CategoryDoc = {
        _id: id,
        slug: category.slug,
        name: category.name,
        parentId: parent?._id ?? null,
        path: [...(parent?.path ?? []), id],
        position: category.position,
        deletedAt: null,
      };
      known.set(doc.slug, doc);
      changed.push(doc);
    }
    await categories.saveCategories(changed, tx);
  }

  async function importBrands(input: ReturnType<typeof importCatalogSchema.parse>['brands'], tx: Tx) {
    const known = new Map((await categories.allBrands()).map((doc) => [doc.slug, doc]));
    const docs: BrandDoc[] = input.map(({ slug, name }) => ({
      _id: known.get(slug)?._id ?? newId(),
      slug,
      name,
      deletedAt: null,
    }));
    await categories.saveBrands(docs, tx);
  }

  async function importBatch(batch: readonly ImportProduct[], references: References, tx: Tx): Promise<number> {
    const existing = new Map((await products.bySlugs(batch.map(({ slug }) => slug))).map((doc) => [doc.slug, doc]));
    const now = clock();
    const docs = batch.map((product) => toDocument(product, existing.get(product.slug), references, currency, now));
    await products.saveAll(docs, tx);
    const fresh = docs.flatMap((doc) => {
      const before = new Set(existing.get(doc.slug)?.variants.map((variant) => variant.id));
      return doc.variants
        .filter((variant) => !before.has(variant.id))
        .map((variant) => ({ variantId: variant.id, productId: doc._id, onHand: variant.available }));
    });
    if (fresh.length > 0) await stock.receive(fresh, tx);
    return docs.reduce((sum, doc) => sum + doc.variants.length, 0);
  }

  return {
    async importCatalog(raw: ImportCatalogInput): Promise<ImportResult> {
      const input = importCatalogSchema.parse(raw);
      await mongo.transaction(async (tx) => {
        await importCategories(input.categories, tx);
        await importBrands(input.brands, tx);
      });
      const references = await loadReferences(categories);
      let variants = 0;
      for (let start = 0; start < input.products.length; start += BATCH) {
        const batch = input.products.slice(start, start + BATCH);
        try {
          variants += await mongo.transaction((tx) => importBatch(batch, references, tx));
        } catch (error) {
          if (isDuplicateKeyError(error)) throw new DomainError('SKU_TAKEN', undefined, { cause: error });
          throw error;
        }
      }
      return {
        categories: input.categories.length,
        brands: input.brands.length,
        products: input.products.length,
        variants,
      };
    },
  };
}

export type CatalogImport = ReturnType<typeof createCatalogImport>;

interface References {
  categoriesBySlug: Map<string, CategoryDoc>;
  categoriesById: Map<string, CategoryDoc>;
  brandsBySlug: Map<string, BrandDoc>;
}

async function loadReferences(categories: CategoryRepository): Promise<References> {
  const [categoryDocs, brandDocs] = await Promise.all([categories.allCategories(), categories.allBrands()]);
  return {
    categoriesBySlug: new Map(categoryDocs.map((doc) => [doc.slug, doc])),
    categoriesById: new Map(categoryDocs.map((doc) => [doc._id, doc])),
    brandsBySlug: new Map(brandDocs.map((doc) => [doc.slug, doc])),
  };
}

const referenceTo = (doc: { _id: string; name: string; slug: string }): ReferenceDoc => ({
  id: doc._id,
  name: doc.name,
  slug: doc.slug,
});

function toDocument(
  product: ImportProduct,
  existing: ProductDoc | undefined,
  references: References,
  currency: string,
  now: Date,
): ProductDoc {
  const brand = product.brand === undefined ? null : references.brandsBySlug.get(product.brand);
  if (brand === undefined) throw invalidInput(`Product "${product.slug}": no brand "${product.brand ?? ''}"`);
  const categories = product.categories.map((slug) => {
    const category = references.categoriesBySlug.get(slug);
    if (!category) throw invalidInput(`Product "${product.slug}": no category "${slug}"`);
    return category;
  });
  const ancestry = [...new Set(categories.flatMap((category) => category.path))];
  const variants = toVariants(product, existing);
  const ancestors = ancestry.flatMap((id) => references.categoriesById.get(id) ?? []);
  const brandReference = brand && referenceTo(brand);
  return {
    _id: existing?._id ?? newId(),
    slug: product.slug,
    title: product.title,
    description: product.description,
    listed: true,
    brand: brandReference,
    categories: categories.map(referenceTo),
    categoryIds: ancestry,
    taxClass: product.taxClass,
    attributes: Object.entries(product.attributes).map(([name, value]) => ({ name, value })),
    options: product.options,
    images: product.images,
    variants,
    currency,
    ...deriveFromVariants(variants, now),
    rating: existing?.rating ?? { sum: 0, count: 0, average: 0 },
    unitsSold: existing?.unitsSold ?? 0,
    searchTerms: searchTermsOf({ title: product.title, brand: brandReference, categories: ancestors, variants }),
    version: (existing?.version ?? 0) + 1,
    createdAt: product.createdAt ?? existing?.createdAt ?? now,
    updatedAt: now,
    deletedAt: null,
  };
}

function toVariants(product: ImportProduct, existing: ProductDoc | undefined): VariantDoc[] {
  const bySku = new Map(existing?.variants.map((variant) => [variant.sku, variant]));
  const skus = new Set<string>();
  return product.variants.map((variant) => {
    if (skus.has(variant.sku)) throw invalidInput(`Product "${product.slug}": SKU "${variant.sku}" stands twice`);
    skus.add(variant.sku);
    if (variant.salePrice !== undefined && variant.salePrice > variant.price) {
      throw invalidInput(`SKU "${variant.sku}": its sale price is above its price`);
    }
    const before = bySku.get(variant.sku);
    return {
      id: before?.id ?? newId(),
      sku: variant.sku,
      options: Object.entries(variant.options).map(([name, value]) => ({ name, value })),
      price: variant.price,
      ...(variant.salePrice === undefined ? {} : { salePrice: variant.salePrice }),
      ...(variant.saleFrom === undefined ? {} : { saleFrom: variant.saleFrom }),
      ...(variant.saleUntil === undefined ? {} : { saleUntil: variant.saleUntil }),
      ...(variant.image === undefined ? {} : { image: variant.image }),
      available: before?.available ?? variant.stock,
      stockVersion: before?.stockVersion ?? 0,
    };
  });
}
