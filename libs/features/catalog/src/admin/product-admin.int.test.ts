import { isDomainError, type Reason } from '@cartwright/domain-errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogFixture, clock, type CatalogFixture } from '../catalog.fixture.ts';
import { listAdminProductsInput, setProductStatusInput } from './product-admin.contracts.ts';
import type { ProductAdmin } from './product-admin.ts';

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
let shop: CatalogFixture;
let admin: ProductAdmin;

beforeAll(async () => {
  shop = await catalogFixture();
  admin = shop.admin.productAdmin;
});
afterAll(() => shop[Symbol.asyncDispose]());

async function add(slug: string, sku = slug): Promise<string> {
  await shop.importer.importCatalog({
    categories: [{ slug: `c-${slug}`, name: `Category of ${slug}` }],
    brands: [{ slug: `b-${slug}`, name: `Brand of ${slug}` }],
    products: [
      {
        ...{ slug, title: `Title ${slug}`, categories: [`c-${slug}`], brand: `b-${slug}` },
        variants: [{ sku, price: 100, stock: 3 }],
      },
    ],
  });
  return (await shop.products.findOne({ slug, deletedAt: null }).lean())?._id ?? '';
}
const isShown = (slug: string) =>
  shop.service.bySlug(slug).then(
    () => true,
    () => false,
  );
const told = async (work: () => Promise<unknown>) => {
  const before = shop.outbox.events.length;
  await work();
  return shop.outbox.events.slice(before).map(({ event, payload }) => ({ type: event.type, payload }));
};

describe('the status of products', () => {
  it('decides whether shoppers see them, is told of, and holds for all of them or none', async () => {
    const [one, two] = [await add('s-one'), await add('s-two')];
    await expect(admin.setStatus({ ids: [one, 'none'], status: 'draft' })).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect(await isShown('s-one')).toBe(true);
    expect(await told(() => admin.setStatus({ ids: [one, two, one], status: 'archived' }))).toEqual([
      { type: 'products.changed', payload: { productIds: expect.arrayContaining([one, two]) } },
    ]);
    expect([await isShown('s-one'), await isShown('s-two')]).toEqual([false, false]);
    const archived = await admin.list({ status: 'archived', query: 'S-ONE', deleted: false, limit: 10 });
    expect(archived.items).toMatchObject([{ id: one, status: 'archived', listed: false, available: 3 }]);
    await admin.setStatus({ ids: [one], status: 'active' });
    expect(await isShown('s-one')).toBe(true);
    // What is imported again keeps its status.
    await add('s-two');
    expect(await isShown('s-two')).toBe(false);
  });

  it('shows active ones from their moment on, once', async () => {
    const id = await add('s-later');
    const publishAt = new Date(clock().getTime() + 60_000);
    await expect(admin.setStatus({ ids: [id], status: 'draft', publishAt })).rejects.toSatisfy(
      refuses('INVALID_INPUT'),
    );
    expect(await admin.setStatus({ ids: [id], status: 'active', publishAt })).toMatchObject([
      { status: 'active', listed: false, publishAt },
    ]);
    expect(await admin.publishDue()).toBe(0);
    expect(await isShown('s-later')).toBe(false);
    clock.advance(60_000);
    const counts: number[] = [];
    const events = await told(async () =>
      counts.push(...(await Promise.all([admin.publishDue(), admin.publishDue()]))),
    );
    expect(counts.toSorted()).toEqual([0, 1]);
    expect(events).toEqual([{ type: 'products.changed', payload: { productIds: [id] } }]);
    expect(await isShown('s-later')).toBe(true);
    expect((await admin.byId(id)).publishAt).toBeUndefined();

    await admin.setStatus({ ids: [id], status: 'active', publishAt: new Date(clock().getTime() + 60_000) });
    await admin.setStatus({ ids: [id], status: 'draft' });
    clock.advance(60_000);
    expect(await admin.publishDue()).toBe(0);
    expect(await isShown('s-later')).toBe(false);
  });
});

describe('a removed product', () => {
  it('is gone for shoppers, gives slug and SKU away, and comes back when nobody took them', async () => {
    const id = await add('r-one', 'R-1');
    await admin.remove(id);
    expect(await isShown('r-one')).toBe(false);
    await expect(admin.remove(id)).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect((await admin.list({ deleted: true, limit: 10 })).items).toMatchObject([{ id, deletedAt: clock() }]);
    expect((await admin.list({ deleted: false, query: 'r-one', limit: 10 })).items).toEqual([]);

    const sameSlug = await add('r-one', 'R-2');
    expect(sameSlug).not.toBe(id);
    await expect(admin.restore(id)).rejects.toSatisfy(refuses('SLUG_TAKEN'));
    await admin.remove(sameSlug);
    const sameSku = await add('r-other', 'R-1');
    await expect(admin.restore(id)).rejects.toSatisfy(refuses('SKU_TAKEN'));
    expect((await admin.byId(id)).deletedAt).not.toBeNull();
    await admin.remove(sameSku);
    expect(await told(() => admin.restore(id))).toEqual([{ type: 'products.changed', payload: { productIds: [id] } }]);
    expect(await isShown('r-one')).toBe(true);
    await expect(admin.restore(id)).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('comes back as it was: a draft stays one, and what it belonged to and is gone is left out', async () => {
    const id = await add('r-draft');
    await admin.setStatus({ ids: [id], status: 'draft' });
    await admin.remove(id);
    await shop.categoryModel.updateOne({ slug: 'c-r-draft' }, { $set: { deletedAt: clock() } });
    await shop.brandModel.updateOne({ slug: 'b-r-draft' }, { $set: { deletedAt: clock() } });
    expect(await admin.restore(id)).toMatchObject({ status: 'draft', listed: false, brand: null });
    expect(await admin.byId(id)).toMatchObject({ categories: [], variants: [{ sku: 'r-draft' }] });
    expect((await shop.products.findById(id).lean())?.categoryIds).toEqual([]);
  });

  it('keeps its tax class in use while it is removed: it comes back with it', async () => {
    const id = await add('taxed');
    await shop.products.updateOne({ _id: id }, { $set: { taxClass: 'reduced' } });
    await admin.remove(id);
    const isUsed = (taxClass: string) => shop.mongo.transaction((tx) => shop.service.hasTaxClass(taxClass, tx));
    expect([await isUsed('reduced'), await isUsed('zero')]).toEqual([true, false]);
  });

  it('is removed by one of two who try at once', async () => {
    const id = await add('r-twice');
    const tries = await Promise.allSettled([admin.remove(id), admin.remove(id)]);
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('the list of products', () => {
  it('pages through all, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await admin.list({ deleted: false, limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const all = await shop.products.find({ deletedAt: null }).sort({ _id: -1 }).lean();
    expect(seen).toEqual(all.map(({ _id }) => _id));
    await expect(admin.list({ deleted: false, limit: 3, cursor: 'x' })).rejects.toSatisfy(refuses('CURSOR_INVALID'));
    expect((await admin.list({ deleted: false, query: '(a+)+$ .*', limit: 3 })).items).toEqual([]);
  });

  it('is asked for within bounds', () => {
    for (const wrong of [{ limit: 1e9 }, { query: 'x'.repeat(101) }, { status: 'gone' }, { deleted: 1 }]) {
      expect(listAdminProductsInput.safeParse(wrong).success).toBe(false);
    }
    for (const wrong of [
      { ids: [] },
      { ids: Array.from({ length: 101 }, String) },
      { status: 'x' },
      { publishAt: 'x' },
    ]) {
      expect(setProductStatusInput.safeParse({ ids: ['a'], status: 'draft', ...wrong }).success).toBe(false);
    }
  });
});
