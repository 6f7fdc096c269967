import { isDomainError } from '@cartwright/domain-errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogFixture, type CatalogFixture } from './catalog.fixture.ts';

let shop: CatalogFixture;
const variants = (slug: string, stock = 5) => [{ sku: slug, price: 1_000, stock }];
const product = (slug: string, category: string, stock?: number) => ({
  ...{ slug, title: slug, categories: [category], variants: variants(slug, stock) },
});

beforeAll(async () => {
  shop = await catalogFixture();
  await shop.importer.importCatalog({
    categories: [
      { slug: 'home', name: 'Home' },
      { slug: 'mugs', name: 'Mugs', parent: 'home' },
      { slug: 'plates', name: 'Plates', parent: 'home' },
    ],
    products: [
      ...['mug', 'cup', 'beaker'].map((slug) => product(slug, 'mugs')),
      product('cracked', 'mugs', 0),
      ...['plate', 'bowl', 'saucer'].map((slug) => product(slug, 'plates')),
      { slug: 'loner', title: 'Loner', variants: variants('loner') },
    ],
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

const slugs = async (slug: string, limit = 8) =>
  (await shop.related.list(await shop.idOf(slug), limit)).map((card) => card.slug);
async function order(...names: string[]): Promise<void> {
  const ids = await Promise.all(names.map(shop.idOf));
  await shop.mongo.transaction((tx) => shop.related.countOrder(ids, tx));
}

describe('related products', () => {
  it('are those of the same category first, then of those above, while nothing was bought', async () => {
    const found = await slugs('mug');
    expect(new Set(found.slice(0, 2))).toEqual(new Set(['cup', 'beaker']));
    expect(new Set(found)).toEqual(new Set(['cup', 'beaker', 'plate', 'bowl', 'saucer']));
    expect(await slugs('loner')).toEqual([]);
    expect(await slugs('mug', 1)).toHaveLength(1);
  });

  it('are what was bought together, most often first, filled up, and nothing that can not be bought', async () => {
    await order('mug', 'saucer');
    await order('mug', 'saucer', 'loner');
    await order('mug', 'cracked', 'saucer', 'loner', 'bowl');
    await order('mug');
    expect((await slugs('mug')).slice(0, 3)).toEqual(['saucer', 'loner', 'bowl']);
    expect(await slugs('mug')).not.toContain('cracked');
    expect(await slugs('mug')).not.toContain('mug');
    expect((await slugs('loner')).slice(0, 2).toSorted()).toEqual(['mug', 'saucer']);
    await shop.products.updateOne({ slug: 'saucer' }, { $set: { listed: false } });
    expect(await slugs('mug')).not.toContain('saucer');
  });

  it('count every order once, however many come at once', async () => {
    await Promise.all(Array.from({ length: 15 }, () => order('plate', 'cup', 'beaker', 'plate')));
    const [plate, cup] = await Promise.all([shop.idOf('plate'), shop.idOf('cup')]);
    for (const id of [`${plate}/${cup}`, `${cup}/${plate}`]) {
      expect(await shop.pairs.findById(id).lean()).toMatchObject({ orders: 15 });
    }
    expect(await shop.pairs.exists({ _id: `${plate}/${plate}` })).toBeNull();
  });

  it('are of products that there are', async () => {
    await expect(shop.related.list('none', 4)).rejects.toSatisfy((error) => isDomainError(error, 'NOT_FOUND'));
  });
});
