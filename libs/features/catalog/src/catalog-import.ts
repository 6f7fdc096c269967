import { invalidInput } from '@cartwright/domain-errors';
import { isDuplicateKeyError, newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import {
  importCatalogSchema,
  type ImportCatalogInput,
  type ImportProduct,
  type ImportResult,
} from './catalog-import.contracts.ts';
import type { InitialStockPort } from './catalog.ports.ts';
import type { BrandDoc, CategoryDoc } from './category.model.ts';
import type { CategoryRepository } from './category-repository.ts';
import { skuTaken } from './label-taken.ts';
import { changeEvents, looksDifferent, storedEvents } from './product-changes.ts';
import { deriveFromVariants } from './product-pricing.ts';
import type { ProductRepository, Renamed } from './product-repository.ts';
import type { ProductDoc, ReferenceDoc, VariantDoc } from './product.model.ts';
import { searchTermsOf, tokenize } from './search-terms.ts';

/** Products written in one transaction. */
const BATCH = 250;

/**
 * Imports categories, brands and products as an operator hands them over. Records are matched by slug (variants by SKU):
 * importing again updates what differs and leaves stock alone. Each batch of products is one transaction.
 * Throws INVALID_INPUT naming the record at fault before anything is written, and SKU_TAKEN for a SKU of a product that
 * is not in the import; nothing of that batch is kept.
 */
export function createCatalogImport({
  mongo,
  outbox,
  products,
  categories,
  stock,
  currency,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  products: Pick<ProductRepository, 'bySlugs' | 'saveAll' | 'renameBrand' | 'renameCategory'>;
  categories: CategoryRepository;
  stock: InitialStockPort;
  /** The shop's currency: prices in an import are its minor units. */
  currency: string;
  clock: () => Date;
}) {
  async function importBatch(batch: readonly ImportProduct[], tx: Tx): Promise<number> {
    const references = referencesOf(await categories.allCategories(tx), await categories.allBrands(tx));
    // Read in the transaction: whoever changes one of them meanwhile (its stock, its rating) has it run again.
    const existing = new Map(
      (
        await products.bySlugs(
          batch.map(({ slug }) => slug),
          tx,
        )
      ).map((doc) => [doc.slug, doc]),
    );
    const now = clock();
    const docs = batch.map((product) => toDocument(product, existing.get(product.slug), references, currency, now));
    // Nobody moves or removes one of them while products are put there.
    const held = {
      categories: docs.flatMap((doc) => doc.categories.map(({ id }) => id)),
      brands: docs.flatMap(({ brand }) => (brand ? [brand.id] : [])),
    };
    if (!(await categories.hold(held, tx))) throw invalidInput('A category or brand was removed meanwhile');
    await products.saveAll(docs, tx);
    const fresh = docs.flatMap((doc) => {
      const before = new Set(existing.get(doc.slug)?.variants.map((variant) => variant.id));
      return doc.variants
        .filter((variant) => !before.has(variant.id))
        .map((variant) => ({ variantId: variant.id, productId: doc._id, onHand: variant.available }));
    });
    if (fresh.length > 0) await stock.receive(fresh, tx);
    const differs = (doc: ProductDoc): boolean => {
      const before = existing.get(doc.slug);
      return before !== undefined && looksDifferent(before, doc);
    };
    await outbox.append(tx, [
      ...changeEvents(docs.filter(differs), now),
      ...storedEvents(
        docs.filter((doc) => !differs(doc)),
        now,
      ),
    ]);
    return docs.reduce((sum, doc) => sum + doc.variants.length, 0);
  }

  async function importReferences(
    input: Pick<ReturnType<typeof importCatalogSchema.parse>, 'categories' | 'brands'>,
    tx: Tx,
  ): Promise<void> {
    // Read in the transaction, and those above held: whoever moves one of them meanwhile has it run again.
    const [knownCategories, knownBrands] = [await categories.allCategories(tx), await categories.allBrands(tx)];
    const newCategories = toCategories(input.categories, knownCategories);
    const newBrands = toBrands(input.brands, knownBrands);
    await categories.saveCategories(newCategories, tx);
    await categories.saveBrands(newBrands, tx);
    await categories.hold({ categories: newCategories.flatMap(({ path }) => path), brands: [] }, tx);
    for (const renamed of renamedOf(newCategories, knownCategories)) {
      await outbox.append(tx, storedEvents(await products.renameCategory(renamed, tx), clock()));
    }
    for (const renamed of renamedOf(newBrands, knownBrands)) {
      await outbox.append(tx, storedEvents(await products.renameBrand(renamed, tx), clock()));
    }
  }

  return {
    async importCatalog(raw: ImportCatalogInput): Promise<ImportResult> {
      const input = importCatalogSchema.parse(raw);
      refuseRepeated(input);
      // Looked at before anything is written: a wrong record at the end must not leave the ones before it.
      const [seenCategories, seenBrands] = await Promise.all([categories.allCategories(), categories.allBrands()]);
      const references = referencesOf(
        [...seenCategories, ...toCategories(input.categories, seenCategories)],
        [...seenBrands, ...toBrands(input.brands, seenBrands)],
      );
      for (const product of input.products) toDocument(product, undefined, references, currency, clock());
      await mongo.transaction((tx) => importReferences(input, tx));
      let variants = 0;
      for (let start = 0; start < input.products.length; start += BATCH) {
        const batch = input.products.slice(start, start + BATCH);
        try {
          variants += await mongo.transaction((tx) => importBatch(batch, tx));
        } catch (error) {
          if (isDuplicateKeyError(error)) throw skuTaken(error);
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

type NamedDoc = Pick<BrandDoc, '_id' | 'name' | 'slug'>;

interface References {
  categoriesBySlug: Map<string, CategoryDoc>;
  categoriesById: Map<string, CategoryDoc>;
  brandsBySlug: Map<string, BrandDoc>;
}

/** Of two records by one name, which would be meant is anybody's guess. */
function refuseRepeated({ categories, brands, products }: ReturnType<typeof importCatalogSchema.parse>): void {
  const refuse = (what: string, names: readonly string[]): void => {
    const seen = new Set<string>();
    for (const name of names) {
      if (seen.has(name)) throw invalidInput(`${what} "${name}" stands twice`);
      seen.add(name);
    }
  };
  refuse(
    'Category',
    categories.map(({ slug }) => slug),
  );
  refuse(
    'Brand',
    brands.map(({ slug }) => slug),
  );
  refuse(
    'Product',
    products.map(({ slug }) => slug),
  );
  refuse(
    'SKU',
    products.flatMap(({ variants }) => variants.map(({ sku }) => sku)),
  );
}

function toCategories(
  input: ReturnType<typeof importCatalogSchema.parse>['categories'],
  known: readonly CategoryDoc[],
): CategoryDoc[] {
  const bySlug = new Map(known.map((doc) => [doc.slug, doc]));
  return input.map((category) => {
    const parent = category.parent === undefined ? undefined : bySlug.get(category.parent);
    if (category.parent !== undefined && !parent) {
      throw invalidInput(`Category "${category.slug}": its parent "${category.parent}" must come before it`);
    }
    const existing = bySlug.get(category.slug);
    // Everything below it, products included, carries the path to it; and it could end up below itself.
    if (existing && existing.parentId !== (parent?._id ?? null)) {
      throw invalidInput(`Category "${category.slug}": an import can not move it to another parent`);
    }
    const id = existing?._id ?? newId();
    const doc: CategoryDoc = {
      _id: id,
      slug: category.slug,
      name: category.name,
      parentId: parent?._id ?? null,
      path: [...(parent?.path ?? []), id],
      position: category.position,
      deletedAt: null,
    };
    bySlug.set(doc.slug, doc);
    return doc;
  });
}

function toBrands(
  input: ReturnType<typeof importCatalogSchema.parse>['brands'],
  known: readonly BrandDoc[],
): BrandDoc[] {
  const bySlug = new Map(known.map((doc) => [doc.slug, doc]));
  return input.map(({ slug, name }) => ({ _id: bySlug.get(slug)?._id ?? newId(), slug, name, deletedAt: null }));
}

/** Those that were there by another name: products carry it. */
function renamedOf(docs: readonly NamedDoc[], known: readonly NamedDoc[]): Renamed[] {
  const before = new Map(known.map((doc) => [doc._id, doc.name]));
  return docs
    .filter(({ _id, name }) => before.has(_id) && before.get(_id) !== name)
    .map(({ _id, name }) => ({ id: _id, name, terms: tokenize(name) }));
}

/** Later documents win over earlier ones of the same slug. */
const referencesOf = (categories: readonly CategoryDoc[], brands: readonly BrandDoc[]): References => ({
  categoriesBySlug: new Map(categories.map((doc) => [doc.slug, doc])),
  categoriesById: new Map(categories.map((doc) => [doc._id, doc])),
  brandsBySlug: new Map(brands.map((doc) => [doc.slug, doc])),
});

const referenceTo = (doc: NamedDoc): ReferenceDoc => ({
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
    status: existing?.status ?? 'active',
    ...(existing?.publishAt === undefined ? {} : { publishAt: existing.publishAt }),
    listed: existing?.listed ?? true,
    brand: brandReference,
    categories: categories.map(referenceTo),
    categoryIds: ancestry,
    taxClass: product.taxClass,
    attributes: Object.entries(product.attributes).map(([name, value]) => ({ name, value })),
    options: product.options,
    images: product.images,
    ...(existing?.imageAlts === undefined
      ? {}
      : { imageAlts: existing.imageAlts.filter(({ image }) => product.images.includes(image)) }),
    variants,
    ...(existing?.removedVariants === undefined ? {} : { removedVariants: existing.removedVariants }),
    currency,
    ...deriveFromVariants(variants, now),
    rating: existing?.rating ?? { sum: 0, count: 0, average: 0 },
    unitsSold: existing?.unitsSold ?? 0,
    searchTerms: searchTermsOf({ title: product.title, brand: brandReference, categories: ancestors, variants }),
    version: (existing?.version ?? 0) + 1,
    revision: (existing?.revision ?? 0) + 1,
    createdAt: product.createdAt ?? existing?.createdAt ?? now,
    updatedAt: now,
    deletedAt: null,
  };
}

function toVariants(product: ImportProduct, existing: ProductDoc | undefined): VariantDoc[] {
  const bySku = new Map(existing?.variants.map((variant) => [variant.sku, variant]));
  return product.variants.map((variant) => {
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
