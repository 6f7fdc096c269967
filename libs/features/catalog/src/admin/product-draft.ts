import { newId } from '@cartwright/platform-mongo';
import type { CategoryDoc } from '../category.model.ts';
import { altsOf, recordOf } from '../product-mapping.ts';
import type { ProductDoc, ProductStatus, ReferenceDoc, RemovedVariantDoc, VariantDoc } from '../product.model.ts';
import { deriveFromVariants } from '../product-pricing.ts';
import { searchTermsOf } from '../search-terms.ts';

/** A variant as somebody wants it. Without an id it is new, with `stock` pieces to begin with. Prices in minor units. */
export interface VariantDraft {
  readonly id?: string | undefined;
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
  readonly price: number;
  readonly salePrice?: number | undefined;
  readonly saleFrom?: Date | undefined;
  readonly saleUntil?: Date | undefined;
  readonly image?: string | undefined;
  readonly stock?: number | undefined;
}

/** A product as somebody wants it: all that can be decided about it. What it sold and how it is rated stays its own. */
export interface ProductDraft {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brandId: string | null;
  readonly categoryIds: readonly string[];
  readonly taxClass: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly options: readonly { name: string; values: readonly string[] }[];
  readonly status: ProductStatus;
  readonly publishAt?: Date | undefined;
  /** What pictures show, by their address; those that are there stay where nothing is said of them. */
  readonly imageAlts?: Readonly<Record<string, string>> | undefined;
  readonly variants: readonly VariantDraft[];
}

/** What a product refers to, as it is now. */
export interface DraftReferences {
  readonly brand: ReferenceDoc | null;
  readonly categories: readonly CategoryDoc[];
  /** The categories with all above them. */
  readonly ancestry: readonly Pick<CategoryDoc, '_id' | 'name'>[];
}

/** As many removed variants are kept; of more the earliest are let go. */
const REMOVED_MAX = 100;

/** A product as the draft that would leave it as it is. */
export function draftOf(doc: ProductDoc): ProductDraft {
  return {
    ...{ slug: doc.slug, title: doc.title, description: doc.description, taxClass: doc.taxClass },
    brandId: doc.brand?.id ?? null,
    categoryIds: doc.categories.map(({ id }) => id),
    attributes: recordOf(doc.attributes),
    options: doc.options,
    status: doc.status,
    publishAt: doc.publishAt,
    imageAlts: altsOf(doc),
    variants: doc.variants.map(variantDraftOf),
  };
}

/** A variant as the draft that would leave it as it is. */
export const variantDraftOf = (variant: VariantDoc): VariantDraft => {
  const { id, sku, options, price, salePrice, saleFrom, saleUntil, image } = variant;
  return { id, sku, options: recordOf(options), price, salePrice, saleFrom, saleUntil, image };
};

/** The document of a draft that broke no rule. Variants that are not in it any more are kept as removed ones. */
export function toProductDoc(
  draft: ProductDraft,
  {
    before,
    references,
    currency,
    now,
  }: {
    before: ProductDoc | undefined;
    references: DraftReferences;
    currency: string;
    now: Date;
  },
): ProductDoc {
  const known = new Map(before?.variants.map((variant) => [variant.id, variant]));
  const variants = draft.variants.map((variant) =>
    toVariantDoc(variant, variant.id === undefined ? undefined : known.get(variant.id)),
  );
  const waits = draft.publishAt !== undefined && draft.publishAt > now;
  const { brand, categories, ancestry } = references;
  const removed = removedAfter(before, variants, now);
  const images = before?.images ?? [];
  const alts = new Map(Object.entries(draft.imageAlts ?? (before ? altsOf(before) : {})));
  const imageAlts = images.flatMap((image) => (alts.has(image) ? [{ image, alt: alts.get(image) ?? '' }] : []));
  return {
    _id: before?._id ?? newId(),
    ...{ slug: draft.slug, title: draft.title, description: draft.description, taxClass: draft.taxClass },
    status: draft.status,
    ...(waits ? { publishAt: draft.publishAt } : {}),
    listed: draft.status === 'active' && !waits,
    brand,
    categories: categories.map(({ _id, name, slug }) => ({ id: _id, name, slug })),
    categoryIds: [...new Set(categories.flatMap(({ path }) => path))],
    attributes: pairsOf(draft.attributes),
    options: draft.options.map(({ name, values }) => ({ name, values: [...values] })),
    images,
    ...(imageAlts.length === 0 ? {} : { imageAlts }),
    variants,
    ...(removed.length === 0 ? {} : { removedVariants: removed }),
    currency,
    ...deriveFromVariants(variants, now),
    rating: before?.rating ?? { sum: 0, count: 0, average: 0 },
    unitsSold: before?.unitsSold ?? 0,
    searchTerms: searchTermsOf({ title: draft.title, brand, categories: ancestry, variants }),
    version: before?.version ?? 0,
    revision: (before?.revision ?? 0) + 1,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    deletedAt: null,
  };
}

function toVariantDoc(draft: VariantDraft, before: VariantDoc | undefined): VariantDoc {
  const { sku, options, price, salePrice, saleFrom, saleUntil, image } = draft;
  return {
    id: before?.id ?? newId(),
    ...{ sku, options: pairsOf(options), price },
    ...(salePrice === undefined ? {} : { salePrice }),
    ...(saleFrom === undefined ? {} : { saleFrom }),
    ...(saleUntil === undefined ? {} : { saleUntil }),
    ...(image === undefined ? {} : { image }),
    available: before?.available ?? draft.stock ?? 0,
    stockVersion: before?.stockVersion ?? 0,
  };
}

/** The removed ones, once `variants` are all that is left. */
function removedAfter(before: ProductDoc | undefined, variants: readonly VariantDoc[], now: Date): RemovedVariantDoc[] {
  const kept = new Set(variants.map(({ id }) => id));
  const gone = (before?.variants ?? []).filter(({ id }) => !kept.has(id));
  const earlier = (before?.removedVariants ?? []).filter(({ id }) => !kept.has(id));
  return [...gone.map((variant) => ({ ...variant, removedAt: now })), ...earlier].slice(0, REMOVED_MAX);
}

const pairsOf = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).map(([name, value]) => ({ name, value }));
