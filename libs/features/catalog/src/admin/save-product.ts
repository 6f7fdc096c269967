import { notFound } from '@cartwright/domain-errors';
import type { Tx } from '@cartwright/platform-mongo';
import type { InitialStockPort, TaxClassesPort } from '../catalog.ports.ts';
import type { ProductDoc } from '../product.model.ts';
import { refuseProblems, UNKNOWN_TAX_CLASS } from './product-rules.ts';
import { toProductDoc, type DraftReferences, type ProductDraft } from './product-draft.ts';
import type { ReferenceRepository } from './reference-repository.ts';
import type { ProductWriter } from './write-products.ts';

/** Writes what a draft that broke no rule makes of a product; of none when it is new. Answers it as it is then. */
export type SaveProduct = (before: ProductDoc | undefined, draft: ProductDraft, tx: Tx) => Promise<ProductDoc>;

/**
 * Saving drafts: with what they refer to held where it is, and the first stock of variants that are new. Throws NOT_FOUND, or
 * INVALID_INPUT for a tax class, for what was removed since the draft was looked at.
 */
export function createSaveProduct({
  references,
  writer,
  stock,
  currency,
  taxClasses,
  clock,
}: {
  references: ReferenceRepository;
  writer: ProductWriter;
  stock: InitialStockPort;
  currency: string;
  taxClasses: Pick<TaxClassesPort, 'hold'>;
  clock: () => Date;
}): SaveProduct {
  /** Throws NOT_FOUND for a brand or category that is not there. */
  async function referencesOf({ brandId, categoryIds }: ProductDraft, tx: Tx): Promise<DraftReferences> {
    const wanted = [...new Set(categoryIds)];
    if (!(await references.categories.hold(wanted, tx))) throw notFound('category');
    if (brandId !== null && !(await references.brands.hold(brandId, tx))) throw notFound('brand');
    const brand = brandId === null ? null : await references.brands.byId(brandId, tx);
    const byId = new Map((await references.categories.byIds(wanted, tx)).map((doc) => [doc._id, doc]));
    const categories = wanted.flatMap((id) => byId.get(id) ?? []);
    const above = [...new Set(categories.flatMap(({ path }) => path))];
    return {
      brand: brand && { id: brand._id, name: brand.name, slug: brand.slug },
      categories,
      ancestry: await references.categories.byIds(above, tx),
    };
  }

  return async (before, draft, tx) => {
    const isTaxed = draft.taxClass === before?.taxClass || (await taxClasses.hold(draft.taxClass, tx));
    if (!isTaxed) refuseProblems([UNKNOWN_TAX_CLASS]);
    const held = await referencesOf(draft, tx);
    const doc = toProductDoc(draft, { before, references: held, currency, now: clock() });
    const written = before ? (await writer.replace([doc], tx))[0] : await writer.insert(doc, tx);
    const known = new Set([...(before?.variants ?? []), ...(before?.removedVariants ?? [])].map(({ id }) => id));
    const fresh = doc.variants.filter(({ id }) => !known.has(id));
    if (fresh.length > 0) {
      await stock.receive(
        fresh.map(({ id, available }) => ({ variantId: id, productId: doc._id, onHand: available })),
        tx,
      );
    }
    return written ?? doc;
  };
}
