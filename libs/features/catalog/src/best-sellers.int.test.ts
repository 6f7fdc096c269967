import { fixedClock } from '@cartwright/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBestSellers } from './best-sellers.ts';
import { catalogFixture, type CatalogFixture } from './catalog.fixture.ts';
import { createDaySalesModel, type DaySalesModel } from './day-sales.model.ts';
import { createDaySalesRepository } from './day-sales-repository.ts';

const TODAY = '2026-06-15';
const clock = fixedClock(`${TODAY}T12:00:00Z`);

let shop: CatalogFixture;
let model: DaySalesModel;
let bestSellers: ReturnType<typeof createBestSellers>;

beforeAll(async () => {
  shop = await catalogFixture();
  model = createDaySalesModel(shop.mongo.connection);
  await shop.mongo.ensureIndexes();
  await shop.importer.importCatalog({
    products: ['mug', 'cup', 'plate'].map((slug) => ({
      ...{ slug, title: slug },
      variants: [{ sku: slug, price: 100, stock: 1 }],
    })),
  });
  bestSellers = createBestSellers({
    ...{ mongo: shop.mongo, outbox: shop.outbox, products: shop.repository, clock },
    sales: createDaySalesRepository({ sales: model }),
  });
});
beforeEach(async () => {
  clock.set(`${TODAY}T12:00:00Z`);
  await model.deleteMany({});
  await shop.products.updateMany({}, { $set: { unitsSold: 0 } });
  shop.outbox.events.length = 0;
});
afterAll(() => shop[Symbol.asyncDispose]());

const unitsOf = async (slug: string) => (await shop.products.findOne({ slug }).lean())?.unitsSold;
async function sell(soldAt: string, sold: Record<string, number>): Promise<void> {
  const lines = await Promise.all(
    Object.entries(sold).map(async ([slug, quantity]) => ({ productId: await shop.idOf(slug), quantity })),
  );
  await shop.mongo.transaction((tx) => bestSellers.count(lines, new Date(soldAt), tx));
}

describe('what sells best', () => {
  it('goes by the units of thirty days, and the first of them fall out when they are over', async () => {
    await sell('2026-05-16T23:59:59Z', { mug: 100 });
    await sell('2026-05-17T00:00:00Z', { mug: 5, cup: 1 });
    await sell('2026-06-15T11:00:00Z', { mug: 2, cup: 4 });
    expect([await unitsOf('mug'), await unitsOf('cup')]).toEqual([7, 5]);
    expect((await shop.service.list({ sort: 'best_selling', limit: 2 })).items.map(({ slug }) => slug)).toEqual([
      'mug',
      'cup',
    ]);
    expect(await bestSellers.letDaysPass()).toBe(0);

    clock.set('2026-06-16T00:00:00Z');
    shop.outbox.events.length = 0;
    expect(await bestSellers.letDaysPass()).toBe(2);
    expect([await unitsOf('mug'), await unitsOf('cup')]).toEqual([2, 4]);
    expect((await shop.service.list({ sort: 'best_selling', limit: 1 })).items[0]?.slug).toBe('cup');
    // Whoever keeps something derived of these products is told.
    const ids = await Promise.all(['mug', 'cup'].map(shop.idOf));
    expect(shop.outbox.events.map(({ event, payload }) => [event.type, payload])).toEqual([
      ['products.stored', { productIds: ids.toSorted() }],
    ]);
    expect(await bestSellers.letDaysPass()).toBe(0);
  });

  it('is exact however many sales and sweeps come at once', async () => {
    const days = ['2026-05-17', '2026-05-18', TODAY];
    const sales = Array.from({ length: 30 }, (_, at) =>
      sell(`${days[at % 3]}T10:00:00Z`, { plate: 1 + (at % 2), mug: 1 }),
    );
    await Promise.all([...sales, bestSellers.letDaysPass()]);
    expect([await unitsOf('plate'), await unitsOf('mug')]).toEqual([45, 30]);
    clock.set('2026-06-16T12:00:00Z');
    const more = Array.from({ length: 10 }, () => sell(`2026-06-16T10:00:00Z`, { plate: 1 }));
    await Promise.all([...more, bestSellers.letDaysPass(), bestSellers.letDaysPass(), bestSellers.letDaysPass()]);
    expect([await unitsOf('plate'), await unitsOf('mug')]).toEqual([40, 20]);
    const rows = await model.find({ productId: await shop.idOf('plate') }).lean();
    expect(rows.reduce((sum, { units }) => sum + units, 0)).toBe(40);
  });

  it('counts lines of one product together, and none of a product that is gone', async () => {
    const id = await shop.idOf('mug');
    const lines = [
      { productId: id, quantity: 1 },
      { productId: id, quantity: 2 },
      { productId: 'gone', quantity: 9 },
    ];
    await shop.mongo.transaction((tx) => bestSellers.count(lines, clock(), tx));
    expect(await unitsOf('mug')).toBe(3);
  });
});
