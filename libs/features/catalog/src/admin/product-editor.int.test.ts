import { isDomainError, type Reason } from '@cartwright/domain-errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalogFixture, clock, type CatalogFixture } from '../catalog.fixture.ts';
import { createProductInput, updateProductInput, type CreateProductInput } from './product-edit.contracts.ts';
import type { ProductEditor } from './product-editor.ts';

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
const refusesLabel = (reason: 'SLUG_TAKEN' | 'SKU_TAKEN', details: object) => (error: unknown) =>
  isDomainError(error, reason) && JSON.stringify(error.details) === JSON.stringify(details);
const refusesFields =
  (...fields: string[]) =>
  (error: unknown) =>
    isDomainError(error, 'INVALID_INPUT') &&
    JSON.stringify(Object.keys(error.details?.fields ?? {})) === JSON.stringify(fields);

let shop: CatalogFixture;
let editor: ProductEditor;
let brandId: string;
let categoryId: string;

beforeAll(async () => {
  shop = await catalogFixture();
  editor = shop.admin.productEditor;
  brandId = (await shop.admin.brandAdmin.create({ name: 'Nord', slug: 'nord' })).id;
  const home = await shop.admin.categoryAdmin.create({ name: 'Home', slug: 'home', parentId: null, position: 0 });
  const child = { name: 'Kitchen', slug: 'kitchen', parentId: home.id, position: 0 };
  categoryId = (await shop.admin.categoryAdmin.create(child)).id;
});
afterAll(() => shop[Symbol.asyncDispose]());
beforeEach(() => {
  shop.received.length = 0;
  shop.republished.length = 0;
});

/** A mug in two sizes. */
const mug = (slug: string, change: Partial<CreateProductInput> = {}) =>
  createProductInput.parse({
    ...{ slug, title: `Mug ${slug}`, brandId, categoryIds: [categoryId], attributes: { Material: 'Clay' } },
    options: [{ name: 'Size', values: ['S', 'M', 'L'] }],
    variants: [
      { sku: `${slug}-S`, options: { Size: 'S' }, price: 1_500, stock: 4 },
      { sku: `${slug}-M`, options: { Size: 'M' }, price: 2_000, salePrice: 1_200 },
    ],
    ...change,
  });
const update = (input: Parameters<typeof updateProductInput.parse>[0]) =>
  editor.update(updateProductInput.parse(input));
const stored = (id: string) => shop.products.findById(id).lean();
const told = async (work: () => Promise<unknown>) => {
  const before = shop.outbox.events.length;
  await work();
  return shop.outbox.events.slice(before).map(({ event, payload }) => ({ type: event.type, payload }));
};

describe('a new product', () => {
  it('is a draft with its variants, their first stock, and all that lists and searches go by', async () => {
    const product = await editor.create(mug('new-one'));
    expect(product).toMatchObject({
      ...{ status: 'draft', listed: false, version: 1, available: 4, attributes: { Material: 'Clay' } },
      brand: { name: 'Nord' },
      categories: [{ slug: 'kitchen' }],
      price: { amount: 1_200, currency: 'USD' },
      variants: [
        { sku: 'new-one-S', available: 4 },
        { sku: 'new-one-M', available: 0, salePrice: { amount: 1_200 } },
      ],
    });
    expect(shop.received.map(({ onHand }) => onHand)).toEqual([4, 0]);
    const doc = await stored(product.id);
    expect(doc?.searchTerms).toEqual(expect.arrayContaining(['mug', 'nord', 'kitchen', 'home', 'new-one-s']));
    expect(doc?.categoryIds).toHaveLength(2);
    await expect(shop.service.bySlug('new-one')).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect(await told(() => update({ id: product.id, status: 'active' }))).toEqual([
      { type: 'products.changed', payload: { productIds: [product.id] } },
    ]);
    expect((await shop.service.bySlug('new-one')).compareAt).toEqual({ amount: 2_000, currency: 'USD' });
  });

  it('takes no slug, SKU, brand or category that is not to be had, and leaves nothing behind', async () => {
    await editor.create(mug('taken'));
    const count = await shop.products.countDocuments();
    const refusal = (slug: string, change: object, reason: Reason) =>
      expect(editor.create(mug(slug, change))).rejects.toSatisfy(refuses(reason));
    const sku = 'taken-S';
    await refusal('fresh', { variants: [{ sku, options: { Size: 'S' }, price: 1, stock: 1 }] }, 'SKU_TAKEN');
    const other = { variants: [{ sku: 'other', options: { Size: 'S' }, price: 1, stock: 1 }] };
    await expect(editor.create(mug('taken', other))).rejects.toSatisfy(refusesLabel('SLUG_TAKEN', { slug: 'taken' }));
    await expect(editor.create(mug('fresh', { taxClass: 'luxury' }))).rejects.toSatisfy(refusesFields('taxClass'));
    await refusal('fresh', { brandId: 'none' }, 'NOT_FOUND');
    await refusal('fresh', { categoryIds: ['none'] }, 'NOT_FOUND');
    await refusal('fresh', { options: [] }, 'INVALID_INPUT');
    expect(await shop.products.countDocuments()).toBe(count);
    expect(await shop.products.exists({ slug: 'fresh' })).toBeNull();
  });

  it('gets a slug that several want at once, one of them', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) =>
        editor.create(
          mug('raced', { variants: [{ sku: `raced-${index}`, options: { Size: 'S' }, price: 1, stock: 0 }] }),
        ),
      ),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const reason of refused) expect(reason).toSatisfy(refuses('SLUG_TAKEN'));
  });

  it('is published at its time', async () => {
    const publishAt = new Date(clock().getTime() + 60_000);
    const { id } = await editor.create(mug('timed', { status: 'active', publishAt }));
    expect(await stored(id)).toMatchObject({ listed: false, publishAt });
    await update({ id, title: 'Another title' });
    expect(await stored(id)).toMatchObject({ listed: false, publishAt });
    await update({ id, publishAt: null });
    expect(await stored(id)).toMatchObject({ listed: true });
    await expect(update({ id, status: 'draft', publishAt })).rejects.toSatisfy(refusesFields('publishAt'));
  });
});

describe('a change of a product', () => {
  it('leaves what it does not name, what was sold and how it is rated', async () => {
    const { id } = await editor.create(mug('kept', { status: 'active' }));
    await shop.products.updateOne({ _id: id }, { $set: { unitsSold: 7, images: ['a.jpg'], 'rating.count': 2 } });
    const before = await stored(id);
    const after = await update({ id, title: 'Cup', brandId: null, attributes: {} });
    expect(after).toMatchObject({ title: 'Cup', slug: 'kept', brand: null, attributes: {}, images: ['a.jpg'] });
    const doc = await stored(id);
    expect(doc).toMatchObject({ unitsSold: 7, rating: { count: 2 }, variants: before?.variants, listed: true });
    expect(doc?.searchTerms).not.toContain('nord');
    expect(doc?.version).toBeGreaterThan(before?.version ?? 0);
    expect(shop.received).toHaveLength(2);
  });

  it('by two at once is told to one of them; stock that moves meanwhile is in nobody’s way', async () => {
    const { id, version, variants } = await editor.create(mug('contended'));
    await shop.service.applyStock({ variantId: variants[0]?.id ?? '', available: 9, version: 2 });
    const tries = await Promise.allSettled(
      ['One', 'Two', 'Three'].map((title) => update({ id, title, expectedVersion: version })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const reason of refused) expect(reason).toSatisfy(refuses('VERSION_CONFLICT'));
    expect(await stored(id)).toMatchObject({ variants: [{ available: 9 }, { available: 0 }] });
    await shop.admin.productAdmin.setStatus({ ids: [id], status: 'archived' });
    await expect(update({ id, title: 'Late', expectedVersion: version + 1 })).rejects.toSatisfy(
      refuses('VERSION_CONFLICT'),
    );
  });

  it('of all variants keeps those it names, adds new ones and removes the rest', async () => {
    const { id, variants } = await editor.create(mug('whole', { status: 'active' }));
    const [small, medium] = variants;
    const changed = await update({
      id,
      options: [
        { name: 'Size', values: ['S', 'L'] },
        { name: 'Glaze', values: ['White', 'Blue'] },
      ],
      variants: [
        { id: small?.id, sku: 'whole-SW', options: { Size: 'S', Glaze: 'White' }, price: 1_700 },
        { sku: 'whole-LB', options: { Size: 'L', Glaze: 'Blue' }, price: 2_700, stock: 3 },
      ],
    });
    expect(changed.variants).toMatchObject([{ id: small?.id, sku: 'whole-SW', available: 4 }, { available: 3 }]);
    expect(changed.removedVariants).toMatchObject([{ id: medium?.id, removedAt: clock() }]);
    expect(shop.received.at(-1)).toEqual({ variantId: changed.variants[1]?.id, onHand: 3 });
    // Carts know what it was, and that it can't be had.
    expect(await shop.service.variantsByIds([medium?.id ?? '', small?.id ?? ''])).toMatchObject([
      { variantId: small?.id, purchasable: true },
      { variantId: medium?.id, purchasable: false, title: 'Mug whole' },
    ]);
    await expect(update({ id, options: [] })).rejects.toSatisfy(
      refusesFields('variants.0.options', 'variants.1.options'),
    );
    await expect(
      update({ id, variants: [{ id: medium?.id, sku: 'x', options: { Size: 'S', Glaze: 'Blue' }, price: 1 }] }),
    ).rejects.toSatisfy(refusesFields('variants.0.id'));
  });

  it('is not for a removed one', async () => {
    const { id, variants } = await editor.create(mug('removed'));
    await shop.admin.productAdmin.remove(id);
    await expect(update({ id, title: 'X' })).rejects.toSatisfy(refuses('NOT_FOUND'));
    await expect(editor.removeVariant(variants[0]?.id ?? '')).rejects.toSatisfy(refuses('NOT_FOUND'));
  });
});

describe('a variant', () => {
  it('is added, changed, taken out and brought back with the stock it has by then', async () => {
    const product = await editor.create(mug('parts', { status: 'active' }));
    const large = { sku: 'parts-L', options: { Size: 'L' }, price: 2_500, stock: 6 };
    const added = await editor.createVariant({ productId: product.id, expectedVersion: 1, ...large });
    const variantId = added.variants[2]?.id ?? '';
    expect(added).toMatchObject({ version: 2, available: 10 });
    const until = new Date(clock().getTime() + 3_600_000);
    const onSale = await editor.updateVariant({ variantId, salePrice: 900, saleUntil: until });
    expect(onSale).toMatchObject({ price: { amount: 900 }, variants: [{}, {}, { saleUntil: until, sku: 'parts-L' }] });
    expect((await stored(product.id))?.repriceAt).toEqual(until);
    const full = await editor.updateVariant({ variantId, salePrice: null, saleUntil: null });
    expect(full.price.amount).toBe(1_200);
    expect(Object.keys(full.variants[2] ?? {})).not.toContain('salePrice');

    const without = await editor.removeVariant(variantId);
    expect(without).toMatchObject({ variants: [{}, {}], removedVariants: [{ id: variantId }], available: 4 });
    await expect(editor.removeVariant(variantId)).rejects.toSatisfy(refuses('NOT_FOUND'));
    await expect(editor.updateVariant({ variantId, price: 1 })).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect((await shop.service.bySlug('parts')).variants).toHaveLength(2);

    const back = await editor.restoreVariant(variantId);
    expect(back).toMatchObject({
      variants: [{}, {}, { id: variantId, price: { amount: 2_500 } }],
      removedVariants: [],
    });
    expect(shop.republished).toEqual([variantId]);
    expect(shop.received).toHaveLength(3);
    await expect(editor.restoreVariant(variantId)).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('is refused with its own fields, and when its SKU or options are taken', async () => {
    const product = await editor.create(mug('refused'));
    const [small, medium] = product.variants;
    const productId = product.id;
    const create = (change: object) =>
      editor.createVariant({ productId, sku: 'refused-L', options: { Size: 'L' }, price: 1_000, stock: 0, ...change });
    await expect(create({ salePrice: 1_001 })).rejects.toSatisfy(refusesFields('salePrice'));
    await expect(create({ options: { Size: 'S' } })).rejects.toSatisfy(refusesFields('options'));
    for (const sku of ['refused-S', 'taken-S']) {
      await expect(create({ sku })).rejects.toSatisfy(refusesLabel('SKU_TAKEN', { sku }));
    }
    await expect(create({ expectedVersion: 0 })).rejects.toSatisfy(refuses('VERSION_CONFLICT'));
    const variantId = medium?.id ?? '';
    await expect(editor.updateVariant({ variantId, sku: 'refused-S' })).rejects.toSatisfy(refuses('SKU_TAKEN'));
    await expect(editor.updateVariant({ variantId, options: { Size: 'S' } })).rejects.toSatisfy(
      refusesFields('options'),
    );
    await expect(editor.updateVariant({ variantId, price: 1_199 })).rejects.toSatisfy(refusesFields('salePrice'));
    expect((await editor.updateVariant({ variantId, sku: 'refused-M' })).variants[1]?.sku).toBe('refused-M');

    await editor.removeVariant(variantId);
    await create({ options: { Size: 'M' } });
    await expect(editor.restoreVariant(variantId)).rejects.toSatisfy(refusesFields('options'));
    await editor.removeVariant(small?.id ?? '');
    const [last] = (await shop.admin.productAdmin.byId(productId)).variants;
    await expect(editor.removeVariant(last?.id ?? '')).rejects.toSatisfy(refusesFields('variants'));
  });

  it('that is removed gives its SKU away, and comes back when nobody took it', async () => {
    const { variants } = await editor.create(mug('giver'));
    const variantId = variants[1]?.id ?? '';
    await editor.removeVariant(variantId);
    const heir = await editor.create(
      mug('heir', { variants: [{ sku: 'giver-M', options: { Size: 'S' }, price: 1, stock: 0 }] }),
    );
    await expect(editor.restoreVariant(variantId)).rejects.toSatisfy(refusesLabel('SKU_TAKEN', { sku: 'giver-M' }));
    await shop.admin.productAdmin.remove(heir.id);
    expect((await editor.restoreVariant(variantId)).variants).toHaveLength(2);
  });

  it('is there up to a hundred times', async () => {
    const values = (place: number) => Array.from({ length: 50 }, (_, index) => `${place}-${index}`);
    const options = [
      { name: 'A', values: values(0) },
      { name: 'B', values: values(1) },
    ];
    const variant = (index: number) => ({
      ...{ sku: `many-${index}`, price: 1, stock: 0 },
      options: { A: `0-${index % 50}`, B: `1-${Math.floor(index / 50)}` },
    });
    const variants = Array.from({ length: 100 }, (_, index) => variant(index));
    const { id } = await editor.create(mug('many', { options, variants }));
    await expect(editor.createVariant({ productId: id, ...variant(100) })).rejects.toSatisfy(refuses('INVALID_INPUT'));
  });

  it('survives an import of its product, removed or not', async () => {
    const { id, variants } = await editor.create(mug('imported'));
    await editor.removeVariant(variants[1]?.id ?? '');
    await shop.importer.importCatalog({
      products: [{ slug: 'imported', title: 'I', variants: [{ sku: 'imported-S', price: 5 }] }],
    });
    const after = await shop.admin.productAdmin.byId(id);
    expect(after).toMatchObject({ version: 3, variants: [{ id: variants[0]?.id }], removedVariants: [{}] });
  });
});
