import { isDomainError, type Reason } from '@cartwright/domain-errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogFixture, clock, type CatalogFixture } from '../catalog.fixture.ts';
import { createCatalogImport } from '../catalog-import.ts';
import { createBrandAdmin } from './brand-admin.ts';
import { createCategoryAdmin } from './category-admin.ts';
import { createReferenceRepository } from './reference-repository.ts';
import { createBrandInput, moveCategoryInput } from './references.contracts.ts';

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
let shop: CatalogFixture;
let brands: ReturnType<typeof createBrandAdmin>;
let categories: ReturnType<typeof createCategoryAdmin>;

beforeAll(async () => {
  shop = await catalogFixture();
  const { mongo, outbox, categoryModel, brandModel } = shop;
  const references = createReferenceRepository({
    ...{ categories: categoryModel, brands: brandModel, products: shop.products },
  });
  brands = createBrandAdmin({ mongo, outbox, references, clock });
  categories = createCategoryAdmin({ mongo, outbox, references, clock });
});
afterAll(() => shop[Symbol.asyncDispose]());

const addProduct = (slug: string, rest: { brand?: string; categories?: string[] }) =>
  shop.importer.importCatalog({
    products: [{ slug, title: slug, ...rest, variants: [{ sku: slug, price: 100, stock: 1 }] }],
  });
const add = (slug: string, parentId: string | null = null, position = 0) =>
  categories.create({ name: slug, slug, parentId, position });
const productOf = async (slug: string) => shop.products.findOne({ slug }).lean();

describe('brands', () => {
  it('are made, changed in all their products, listed by name, and found by their slug once', async () => {
    const { id } = await brands.create({ name: 'Acme', slug: 'acme' });
    await expect(brands.create({ name: 'Other', slug: 'acme' })).rejects.toMatchObject({
      reason: 'SLUG_TAKEN',
      details: { slug: 'acme' },
    });
    await addProduct('branded', { brand: 'acme' });
    const told = shop.outbox.events.length;
    await brands.update({ id, name: 'Acme & Sons', slug: 'acme-sons' });
    const product = await productOf('branded');
    expect(product?.brand).toEqual({ id, name: 'Acme & Sons', slug: 'acme-sons' });
    expect(product?.searchTerms).toContain('sons');
    expect(shop.outbox.events.slice(told).map(({ payload }) => payload)).toEqual([{ productIds: [product?._id] }]);

    await brands.create({ name: 'Zed', slug: 'zed' });
    await brands.create({ name: 'Beta', slug: 'beta' });
    const first = await brands.list({ deleted: false, limit: 2 });
    const second = await brands.list({ deleted: false, limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ slug }) => slug)).toEqual(['acme-sons', 'beta', 'zed']);
    expect(second.nextCursor).toBeNull();
    await expect(brands.update({ id: 'none', name: 'X' })).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('stay while products carry them; a removed one gives its slug away', async () => {
    const { id } = await brands.create({ name: 'Used', slug: 'used' });
    await addProduct('of-used', { brand: 'used' });
    await expect(brands.remove(id)).rejects.toSatisfy(refuses('IN_USE'));
    await shop.products.updateOne({ slug: 'of-used' }, { $set: { listed: false } });
    await expect(brands.remove(id)).rejects.toSatisfy(refuses('IN_USE'));

    const { id: free } = await brands.create({ name: 'Free', slug: 'free' });
    expect((await brands.remove(free)).deletedAt).toEqual(clock());
    expect((await brands.list({ deleted: true, limit: 10 })).items.map((brand) => brand.id)).toEqual([free]);
    const { id: heir } = await brands.create({ name: 'Heir', slug: 'free' });
    await expect(brands.restore(free)).rejects.toSatisfy(refuses('SLUG_TAKEN'));
    expect((await brands.list({ deleted: true, limit: 10 })).items).toHaveLength(1);
    await brands.remove(heir);
    expect(await brands.restore(free)).toMatchObject({ id: free, deletedAt: null });
    await expect(brands.restore(free)).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it.each([{ name: '' }, { name: 'x'.repeat(121) }, { slug: 'No slug' }, { slug: '-a' }, { slug: '' }, { extra: 1 }])(
    'are not made of %j',
    (wrong) => {
      expect(createBrandInput.safeParse({ name: 'Fine', slug: 'fine', ...wrong }).success).toBe(false);
    },
  );
});

describe('categories', () => {
  it('are a tree in their order, and a new name and slug reach the products', async () => {
    const root = await add('t-root', null, 1);
    const late = await add('t-late', root.id, 2);
    const early = await add('t-early', root.id, 1);
    const below = await add('t-below', late.id);
    const listed = (await categories.list(false)).filter(({ slug }) => slug.startsWith('t-'));
    expect(listed.map(({ slug, depth }) => [slug, depth])).toEqual([
      ...[
        ['t-root', 0],
        ['t-early', 1],
        ['t-late', 1],
        ['t-below', 2],
      ],
    ]);
    await addProduct('t-product', { categories: ['t-below'] });
    await categories.update({ id: below.id, name: 'Deeper', slug: 't-deeper', position: 5 });
    const product = await productOf('t-product');
    expect(product?.categories).toEqual([{ id: below.id, name: 'Deeper', slug: 't-deeper' }]);
    expect(product?.searchTerms).toContain('deeper');
    await expect(categories.update({ id: early.id, slug: 't-root' })).rejects.toSatisfy(refuses('SLUG_TAKEN'));
    await expect(add('t-root')).rejects.toSatisfy(refuses('SLUG_TAKEN'));
    await expect(add('t-orphan', 'none')).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('are put in order level by level, all of a level or none', async () => {
    const root = await add('o-root');
    const [a, b, c] = [await add('o-a', root.id), await add('o-b', root.id), await add('o-c', root.id, 7)];
    const order = async () =>
      (await categories.list(false)).filter(({ parentId }) => parentId === root.id).map(({ slug }) => slug);
    const put = (...ids: string[]) => categories.reorder({ parentId: root.id, ids });
    expect((await put(c.id, a.id, b.id)).map(({ slug, position }) => [slug, position])).toEqual([
      ...[
        ['o-c', 0],
        ['o-a', 1],
        ['o-b', 2],
      ],
    ]);
    expect(await order()).toEqual(['o-c', 'o-a', 'o-b']);
    for (const ids of [
      [a.id, b.id],
      [a.id, b.id, b.id],
      [a.id, b.id, root.id],
      [a.id, b.id, c.id, root.id],
    ]) {
      await expect(put(...ids)).rejects.toSatisfy(refuses('VERSION_CONFLICT'));
    }
    await expect(categories.reorder({ parentId: 'none', ids: [a.id] })).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect(await order()).toEqual(['o-c', 'o-a', 'o-b']);
    // Whoever comes last decides on all of them: never a mixture of two orders.
    await Promise.all([put(a.id, b.id, c.id), put(c.id, b.id, a.id)]);
    expect([['o-a', 'o-b', 'o-c'].join(), ['o-c', 'o-b', 'o-a'].join()]).toContain((await order()).join());
  });

  it('move with all below them, and their products follow', async () => {
    const [left, right] = [await add('m-left'), await add('m-right')];
    const middle = await add('m-middle', left.id);
    const leaf = await add('m-leaf', middle.id);
    await addProduct('m-product', { categories: ['m-leaf', 'm-left'] });
    const told = shop.outbox.events.length;
    await categories.move({ id: middle.id, parentId: right.id });
    const product = await productOf('m-product');
    expect(new Set(product?.categoryIds)).toEqual(new Set([left.id, right.id, middle.id, leaf.id]));
    expect(product?.searchTerms).toEqual(expect.arrayContaining(['right', 'left', 'leaf']));
    expect(shop.outbox.events.slice(told).map(({ payload }) => payload)).toEqual([{ productIds: [product?._id] }]);
    const path = (await shop.categoryModel.findById(leaf.id).lean())?.path;
    expect(path).toEqual([right.id, middle.id, leaf.id]);
    await categories.move({ id: middle.id, parentId: null });
    expect((await shop.categoryModel.findById(leaf.id).lean())?.path).toEqual([middle.id, leaf.id]);
    expect(new Set((await productOf('m-product'))?.categoryIds)).toEqual(new Set([left.id, middle.id, leaf.id]));
  });

  it('never stand below themselves, whoever moves them at once, and are eight levels deep at most', async () => {
    const [one, other] = [await add('c-one'), await add('c-other')];
    await expect(categories.move({ id: one.id, parentId: one.id })).rejects.toSatisfy(refuses('INVALID_INPUT'));
    const moves = await Promise.allSettled([
      categories.move({ id: one.id, parentId: other.id }),
      categories.move({ id: other.id, parentId: one.id }),
    ]);
    expect(moves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const move of moves) if (move.status === 'rejected') expect(refuses('INVALID_INPUT')(move.reason)).toBe(true);

    let deep = await add('d-1');
    for (let level = 2; level <= 8; level += 1) deep = await add(`d-${level}`, deep.id);
    await expect(add('d-9', deep.id)).rejects.toSatisfy(refuses('INVALID_INPUT'));
    const chain = await add('d-chain');
    await add('d-chain-end', chain.id);
    const parentId = (await shop.categoryModel.findOne({ slug: 'd-7' }).lean())?._id ?? '';
    await expect(categories.move({ id: chain.id, parentId })).rejects.toSatisfy(refuses('INVALID_INPUT'));
    expect((await shop.categoryModel.findById(chain.id).lean())?.path).toEqual([chain.id]);
  });

  it('stay while something is below them, also when it comes in the same moment', async () => {
    const parent = await add('r-parent');
    const child = await add('r-child', parent.id);
    await expect(categories.remove(parent.id)).rejects.toSatisfy(refuses('IN_USE'));
    await addProduct('r-product', { categories: ['r-child'] });
    await expect(categories.remove(child.id)).rejects.toSatisfy(refuses('IN_USE'));
    await shop.products.updateOne({ slug: 'r-product' }, { $set: { deletedAt: clock(), listed: false } });
    await categories.remove(child.id);
    await categories.remove(parent.id);
    await expect(categories.restore(child.id)).rejects.toSatisfy(refuses('NOT_FOUND'));
    await categories.restore(parent.id);
    const again = await add('r-child', parent.id);
    await expect(categories.restore(child.id)).rejects.toSatisfy(refuses('SLUG_TAKEN'));
    await categories.remove(again.id);
    expect(await categories.restore(child.id)).toMatchObject({ id: child.id, depth: 1, deletedAt: null });

    for (let round = 0; round < 6; round += 1) {
      const { id } = await add(`race-${round}`);
      await Promise.allSettled([categories.remove(id), add(`race-child-${round}`, id)]);
      const [parentNow, childNow] = await Promise.all([
        shop.categoryModel.findById(id).lean(),
        shop.categoryModel.findOne({ slug: `race-child-${round}` }).lean(),
      ]);
      expect(parentNow?.deletedAt === null || childNow === null).toBe(true);
    }
  });

  it('are not removed under products that are imported in the same moment, nor are brands', async () => {
    for (let round = 0; round < 6; round += 1) {
      const slug = `import-${round}`;
      const [category, brand] = await Promise.all([add(slug), brands.create({ name: slug, slug })]);
      await Promise.allSettled([
        addProduct(slug, { categories: [slug], brand: slug }),
        categories.remove(category.id),
        brands.remove(brand.id),
      ]);
      const [product, categoryNow, brandNow] = await Promise.all([
        productOf(slug),
        shop.categoryModel.findById(category.id).lean(),
        shop.brandModel.findById(brand.id).lean(),
      ]);
      if (product) expect([categoryNow?.deletedAt, brandNow?.deletedAt]).toEqual([null, null]);
    }
  });

  it.each([
    ['looks at its records', false],
    ['writes', true],
  ])('that move while an import %s stay where they were put, with the products that it brings', async (_, writing) => {
    const name = (what: string) => `import-${what}-${writing ? 'writing' : 'looking'}`;
    const [top, middle] = await Promise.all([add(name('top')), add(name('middle'))]);
    let move: (() => Promise<unknown>) | undefined = () => categories.move({ id: middle.id, parentId: top.id });
    const importer = createCatalogImport({
      ...{ mongo: shop.mongo, outbox: shop.outbox, products: shop.repository, currency: 'USD', clock },
      stock: { receive: () => Promise.resolve() },
      categories: {
        ...shop.categories,
        allBrands: async (tx) => {
          const docs = await shop.categories.allBrands(tx);
          if ((tx !== undefined) === writing) {
            await move?.();
            move = undefined;
          }
          return docs;
        },
      },
    });
    await importer.importCatalog({
      categories: [{ slug: name('low'), name: 'Low', parent: name('middle') }],
      products: [
        {
          slug: name('product'),
          title: 'M',
          categories: [name('low')],
          variants: [{ sku: name('sku'), price: 100, stock: 1 }],
        },
      ],
    });
    const low = await shop.categoryModel.findOne({ slug: name('low') }).lean();
    expect(low?.path).toEqual([top.id, middle.id, low?._id]);
    expect((await productOf(name('product')))?.categoryIds).toEqual(low?.path);
  });

  it.each([
    { parentId: 5 },
    { parentId: 'x'.repeat(65) },
    { position: -1 },
    { position: 1.5 },
    { parentId: undefined },
  ])('are not moved by %j', (wrong) => {
    expect(moveCategoryInput.safeParse({ id: 'c', parentId: null, ...wrong }).success).toBe(false);
  });
});
