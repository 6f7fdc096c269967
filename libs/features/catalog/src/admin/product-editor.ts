import { DomainError, invalidInput, notFound } from '@cartwright/domain-errors';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { TaxClassesPort, VariantStockPort } from '../catalog.ports.ts';
import type { ProductDoc } from '../product.model.ts';
import type { AdminProductDetailDto } from './product-admin.contracts.ts';
import { toAdminProductDetail } from './product-admin-mapping.ts';
import type { ProductAdminRepository } from './product-admin-repository.ts';
import { draftOf, variantDraftOf, type ProductDraft } from './product-draft.ts';
import {
  VARIANTS_MAX,
  type CreateProductInput,
  type CreateVariantInput,
  type UpdateProductInput,
  type UpdateVariantInput,
} from './product-edit.contracts.ts';
import { problemsOf, refuseProblems, type ProductFacts } from './product-rules.ts';
import type { SaveProduct } from './save-product.ts';
import { orLabelTaken } from './write-products.ts';

/** How a field of a single variant is called where the input is that variant. */
type PathOf = (variant: number, field: string) => string;

/**
 * Making and changing products. `expectedVersion` is what the product must be at: VERSION_CONFLICT when somebody else
 * edited it since. All throw INVALID_INPUT with every field at fault, SLUG_TAKEN and SKU_TAKEN when another product has
 * one, and NOT_FOUND for a brand, category, product or variant that is not there; nothing is changed then.
 */
export function createProductEditor({
  mongo,
  products,
  save,
  stock,
  currency,
  taxClasses,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  products: Pick<ProductAdminRepository, 'byId' | 'byVariantId'>;
  save: SaveProduct;
  stock: Pick<VariantStockPort, 'republish'>;
  /** The shop's currency: prices are its minor units. */
  currency: string;
  taxClasses: TaxClassesPort;
}) {
  const facts = async (): Promise<ProductFacts> => ({ currency, taxClasses: await taxClasses.ids() });

  function refuseChanged(doc: ProductDoc, expectedVersion: number | undefined): void {
    if (expectedVersion !== undefined && expectedVersion !== (doc.revision ?? 0)) {
      throw new DomainError('VERSION_CONFLICT', { what: 'product' });
    }
  }

  async function living(id: string, tx: Tx): Promise<ProductDoc> {
    const doc = await products.byId(id, tx);
    if (!doc || doc.deletedAt !== null) throw notFound('product');
    return doc;
  }

  /** The living product that a variant belongs or belonged to. */
  async function ownerOf(variantId: string, tx: Tx): Promise<ProductDoc> {
    const doc = await products.byVariantId(variantId, tx);
    if (!doc || doc.deletedAt !== null) throw notFound('variant');
    return doc;
  }

  /** Changes the variants of a product; `change` answers them as they are to be. */
  const changeVariants = (
    {
      find,
      expectedVersion,
      pathOf,
    }: {
      find: (tx: Tx) => Promise<ProductDoc>;
      expectedVersion: number | undefined;
      pathOf?: (doc: ProductDoc) => PathOf;
    },
    change: (doc: ProductDoc) => ProductDraft['variants'],
    andThen?: (tx: Tx) => Promise<void>,
  ): Promise<AdminProductDetailDto> =>
    orLabelTaken(() =>
      mongo.transaction(async (tx) => {
        const before = await find(tx);
        refuseChanged(before, expectedVersion);
        const variants = change(before);
        if (variants.length > VARIANTS_MAX) {
          throw invalidInput(`A product has ${VARIANTS_MAX} variants at most`);
        }
        const draft = { ...draftOf(before), variants };
        refuseProblems(problemsOf(draft, { before, ...(await facts()) }), pathOf?.(before));
        const written = await save(before, draft, tx);
        await andThen?.(tx);
        return toAdminProductDetail(written);
      }),
    );

  return {
    /** Makes a product with its first variants; a draft unless `status` says otherwise. */
    create: (input: CreateProductInput): Promise<AdminProductDetailDto> =>
      orLabelTaken(() =>
        mongo.transaction(async (tx) => {
          refuseProblems(problemsOf(input, await facts()));
          return toAdminProductDetail(await save(undefined, input, tx));
        }),
      ),

    /**
     * Changes what the input names and leaves the rest. `variants` are all that are to be: missing ones are removed.
     * A new `status` without `publishAt` holds at once.
     */
    update: ({ id, expectedVersion, ...changes }: UpdateProductInput): Promise<AdminProductDetailDto> =>
      orLabelTaken(() =>
        mongo.transaction(async (tx) => {
          const before = await living(id, tx);
          refuseChanged(before, expectedVersion);
          const draft = changed(draftOf(before), changes);
          const problems = problemsOf(draft, { before, ...(await facts()) });
          // What is wrong with variants since long ago keeps nobody from changing other things.
          const touchesVariants = changes.variants !== undefined || changes.options !== undefined;
          refuseProblems(touchesVariants ? problems : problems.filter(({ variant }) => variant === undefined));
          return toAdminProductDetail(await save(before, draft, tx));
        }),
      ),

    createVariant: ({ productId, expectedVersion, ...variant }: CreateVariantInput): Promise<AdminProductDetailDto> =>
      changeVariants(
        {
          find: (tx) => living(productId, tx),
          expectedVersion,
          pathOf: ({ variants }) => pathsOfOne(variants.length),
        },
        (doc) => {
          refuseOwnSku(doc, variant.sku);
          return [...doc.variants.map(variantDraftOf), variant];
        },
      ),

    /** Changes what the input names; null takes sale price, sale dates and picture away. */
    updateVariant: ({ variantId, expectedVersion, ...changes }: UpdateVariantInput): Promise<AdminProductDetailDto> =>
      changeVariants(
        {
          find: (tx) => ownerOf(variantId, tx),
          expectedVersion,
          pathOf: ({ variants }) => pathsOfOne(variants.findIndex(({ id }) => id === variantId)),
        },
        (doc) => {
          refuseMissing(doc.variants, variantId);
          if (changes.sku !== undefined) refuseOwnSku(doc, changes.sku, variantId);
          return doc.variants.map((variant) => {
            const draft = variantDraftOf(variant);
            if (variant.id !== variantId) return draft;
            return {
              ...draft,
              sku: changes.sku ?? draft.sku,
              options: changes.options ?? draft.options,
              price: changes.price ?? draft.price,
              salePrice: replaced(draft.salePrice, changes.salePrice),
              saleFrom: replaced(draft.saleFrom, changes.saleFrom),
              saleUntil: replaced(draft.saleUntil, changes.saleUntil),
              image: replaced(draft.image, changes.image),
            };
          });
        },
      ),

    /** Takes a variant out: carts say so, orders keep it, its SKU is free. The last one of a product stays. */
    removeVariant: (variantId: string, expectedVersion?: number): Promise<AdminProductDetailDto> =>
      changeVariants({ find: (tx) => ownerOf(variantId, tx), expectedVersion }, (doc) => {
        refuseMissing(doc.variants, variantId);
        return doc.variants.filter(({ id }) => id !== variantId).map(variantDraftOf);
      }),

    /** Brings a removed variant back, with the stock it has by now. INVALID_INPUT when its options no longer fit. */
    restoreVariant: (variantId: string, expectedVersion?: number): Promise<AdminProductDetailDto> =>
      changeVariants(
        {
          // Known again as one of the product's before the rules look at it.
          find: async (tx) => withReturned(await ownerOf(variantId, tx), variantId),
          expectedVersion,
          pathOf: ({ variants }) => pathsOfOne(variants.length - 1),
        },
        (doc) => doc.variants.map(variantDraftOf),
        (tx) => stock.republish([variantId], tx),
      ),
  };
}

export type ProductEditor = ReturnType<typeof createProductEditor>;

/** A draft with what an input names changed. */
function changed(
  draft: ProductDraft,
  { publishAt, ...changes }: Omit<UpdateProductInput, 'id' | 'expectedVersion'>,
): ProductDraft {
  const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const moment = changes.status === undefined && publishAt === undefined ? draft.publishAt : (publishAt ?? undefined);
  return { ...draft, ...named, publishAt: moment };
}

const replaced = <T>(before: T | undefined, change: T | null | undefined): T | undefined =>
  change === undefined ? before : (change ?? undefined);

/** Fields of the variant that the input is go by their own names. */
const pathsOfOne =
  (one: number): PathOf =>
  (variant, field) =>
    variant === one ? field : `variants.${variant}.${field}`;

function refuseMissing(variants: readonly { id: string }[], variantId: string): void {
  if (!variants.some(({ id }) => id === variantId)) throw notFound('variant');
}

/** The index over SKUs tells products apart, not the variants of one. */
function refuseOwnSku(doc: ProductDoc, sku: string, ownId?: string): void {
  if (doc.variants.some((variant) => variant.sku === sku && variant.id !== ownId)) {
    throw new DomainError('SKU_TAKEN', { sku });
  }
}

function withReturned(doc: ProductDoc, variantId: string): ProductDoc {
  const returned = doc.removedVariants?.find(({ id }) => id === variantId);
  if (!returned) throw notFound('variant');
  refuseOwnSku(doc, returned.sku);
  const { removedAt: _removedAt, ...variant } = returned;
  return {
    ...doc,
    variants: [...doc.variants, variant],
    removedVariants: (doc.removedVariants ?? []).filter(({ id }) => id !== variantId),
  };
}
