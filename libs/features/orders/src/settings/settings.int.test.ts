import { fixedClock, testMongo, timeLimit } from '@cartwright/testkit';
import { describe, expect, it, vi } from 'vitest';
import { testSettings } from '../order-ports.fixture.ts';
import { createTestShop, reasonOf } from '../orders.fixture.ts';
import { createSettingsModel, createTaxClassHoldsModel } from './settings.model.ts';
import { createSettingsRepository } from './settings-repository.ts';
import { createShopSettings } from './settings-service.ts';
import type { ShopRules } from './settings.ts';

const defaults: ShopRules = {
  limits: {
    ...{ stockHoldSeconds: 60, orderExpirySeconds: 120 },
    ...{ maximumPendingOrders: 5, maximumPendingPerNetwork: 20 },
  },
  shipping: [{ id: 'standard', label: 'Standard', amount: 599, taxClass: 'standard' }],
  taxClasses: [
    { id: 'standard', label: 'Standard' },
    { id: 'reduced', label: 'Reduced' },
  ],
  taxRates: [{ taxClass: 'standard', basisPoints: 800 }],
};
const base = {
  ...{ currency: 'USD', taxMode: 'exclusive' as const, countries: ['US', 'DE'], payment: [] },
  ...{ allowedReturnUrls: [], defaultSuccessUrl: '', defaultCancelUrl: '', returnWindowSeconds: 1 },
};
const countries = [
  { code: 'US', name: 'United States' },
  { code: 'DE', name: 'Germany' },
];

async function setUp() {
  const db = await testMongo();
  const settings = createSettingsModel(db.mongo.connection);
  const taxClassHolds = createTaxClassHoldsModel(db.mongo.connection);
  await db.mongo.ensureIndexes();
  const clock = fixedClock(new Date());
  const sold = new Set<string>();
  const goods = { hasTaxClass: async (id: string) => sold.has(id) };
  const repository = createSettingsRepository({ settings, taxClassHolds });
  const instance = () => createShopSettings({ mongo: db.mongo, repository, defaults, base, countries, goods, clock });
  return { settings, sold, instance, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
}

const priceIn = async (shop: ReturnType<typeof createShopSettings>, id: string, country = 'US') => {
  const { shippingOptions } = await shop.current();
  return shippingOptions({ country, subtotal: { amount: 1, currency: 'USD' } }).find((option) => option.id === id)
    ?.price.amount;
};

describe('shop settings', () => {
  it('are as the shop came until somebody changes them', async () => {
    await using shop = await setUp();
    const settings = shop.instance();
    expect(await settings.get()).toMatchObject({ stockHoldSeconds: 60, currency: 'USD', version: 0 });
    expect((await settings.current()).taxRates('DE')).toEqual({ standard: 800 });
    expect(await shop.settings.countDocuments()).toBe(0);
    expect(await settings.update({ stockHoldSeconds: 90 })).toMatchObject({
      ...{ stockHoldSeconds: 90, orderExpirySeconds: 120, version: 1 },
    });
    await expect(settings.update({ stockHoldSeconds: 121 })).rejects.toThrowError('INVALID_INPUT');
    expect((await settings.current()).stockHoldSeconds).toBe(90);
  });

  it('change at once where they are changed, and on every other instance within a second', async () => {
    await using shop = await setUp();
    const [here, there] = [shop.instance(), shop.instance()];
    expect([await priceIn(here, 'standard'), await priceIn(there, 'standard')]).toEqual([599, 599]);
    await here.shippingMethods.update({ id: 'standard', label: 'Standard', amount: 700, taxClass: 'standard' });
    expect(await priceIn(here, 'standard')).toBe(700);
    await vi.waitFor(async () => expect(await priceIn(there, 'standard')).toBe(700), {
      timeout: timeLimit(1_000),
      interval: 20,
    });
  });

  it('are read once for many who ask at once, and not again for a moment', async () => {
    await using shop = await setUp();
    const reads = vi.spyOn(shop.settings, 'findOne');
    const settings = shop.instance();
    await Promise.all(Array.from({ length: 50 }, () => settings.current()));
    await settings.current();
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('lose nothing when many change them at once', async () => {
    await using shop = await setUp();
    const instances = [shop.instance(), shop.instance(), shop.instance()];
    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        instances[index % 3]?.shippingMethods.create({
          id: `m${index}`,
          label: 'M',
          amount: index,
          taxClass: 'standard',
        }),
      ),
    );
    expect((await instances[0]?.shippingMethods.list())?.map(({ id }) => id).toSorted()).toEqual([
      ...['m0', 'm1', 'm2', 'm3', 'm4', 'm5'],
      'standard',
    ]);
    expect((await instances[1]?.get())?.version).toBe(6);
  });

  it('tax by country and class, elsewhere and for other classes as the shop says', async () => {
    await using shop = await setUp();
    const settings = shop.instance();
    await settings.taxClasses.create({ id: 'books', label: 'Books' });
    const rate = await settings.taxRates.create({ taxClass: 'books', country: 'DE', basisPoints: 700 });
    expect((await settings.current()).taxRates('DE')).toEqual({ standard: 800, books: 700 });
    expect(await settings.taxRates.update({ id: rate.id, basisPoints: 500 })).toEqual({ ...rate, basisPoints: 500 });
    expect((await settings.current()).taxRates('US')).toEqual({ standard: 800 });
    shop.sold.add('books');
    await expect(settings.taxClasses.remove('books')).rejects.toMatchObject({ reason: 'IN_USE' });
    shop.sold.clear();
    await settings.taxClasses.remove('books');
    expect(await settings.taxRates.list()).toEqual([{ id: 'standard', taxClass: 'standard', basisPoints: 800 }]);
    await expect(settings.taxClasses.remove('books')).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  });

  it('lose nothing when a class is removed while somebody else sets something for the first time', async () => {
    await using shop = await setUp();
    const [here, there] = [shop.instance(), shop.instance()];
    await Promise.all([here.taxClasses.remove('reduced'), there.update({ stockHoldSeconds: 90 })]);
    expect(await here.get()).toMatchObject({ stockHoldSeconds: 90, version: 2 });
    expect((await here.taxClasses.list()).map(({ id }) => id)).toEqual(['standard']);
  });
});

describe('a change between quote and order', () => {
  it('is refused with the new quote, and nothing is held', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 5);
    const { buyer, input, place } = await shop.readyToPlace({ a: 1 });
    const before = testSettings();
    shop.useSettings({ ...before, taxRates: () => ({ standard: 1_100 }) });
    const fresh = await shop.orders.quote(buyer, input);
    await expect(place()).rejects.toMatchObject({ reason: 'PRICE_CHANGED', details: { quote: fresh } });
    shop.useSettings({ ...before, shippingOptions: () => [] });
    expect(await reasonOf(place())).toBe('SHIPPING_METHOD_UNAVAILABLE');
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 0 });
    shop.useSettings({ ...before, stockHoldSeconds: 5 });
    const { order } = await place();
    expect(order.holdExpiresAt).toEqual(new Date(shop.clock().getTime() + 5_000));
  });
});
