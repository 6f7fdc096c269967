import { isDomainError } from '@cartwright/domain-errors';
import {
  createBrandModel,
  createCatalogAdmin,
  createCategoryModel,
  createProductModel,
  createProductRepository,
} from '@cartwright/feature-catalog';
import {
  createSettingsModel,
  createSettingsRepository,
  createShopSettings,
  createTaxClassHoldsModel,
} from '@cartwright/feature-orders';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import { collectingOutbox, testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';

const unused = (): never => {
  throw new Error('Nobody asks for it here');
};
const clock = () => new Date('2026-06-15T12:00:00Z');

type Hook = () => Promise<unknown>;

/** Transactions of which is told when one of them runs again. */
function watched({ transaction }: Pick<Mongo, 'transaction'>) {
  const again = Promise.withResolvers<void>();
  return {
    again: again.promise,
    mongo: {
      transaction: <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
        let runs = 0;
        return transaction((tx) => {
          runs += 1;
          if (runs > 1) again.resolve();
          return work(tx);
        });
      },
    },
  };
}

/** The shop's settings and the editor of its products, on a database of their own. */
async function setUp() {
  const { mongo, ...db } = await testMongo();
  const products = createProductModel(mongo.connection);
  const models = {
    products,
    categories: createCategoryModel(mongo.connection),
    brands: createBrandModel(mongo.connection),
  };
  const repository = createSettingsRepository({
    settings: createSettingsModel(mongo.connection),
    taxClassHolds: createTaxClassHoldsModel(mongo.connection),
  });
  await mongo.ensureIndexes();
  /** What happens in the transaction of a product, right before its commit. */
  let beforeCommit: Hook = async () => undefined;
  /** What happens in the transaction of a removal, once nothing was found that the class is in use by. */
  let afterLooking: Hook = async () => undefined;
  const [edits, removals] = [watched(mongo), watched(mongo)];
  const outbox = collectingOutbox();
  const { hasTaxClass } = createProductRepository({ products });
  const { taxClasses } = createShopSettings({
    ...{ mongo: removals.mongo, repository, clock, countries: [] },
    defaults: {
      limits: { stockHoldSeconds: 1, orderExpirySeconds: 1, maximumPendingOrders: 1, maximumPendingPerNetwork: 1 },
      ...{ shipping: [], taxClasses: [{ id: 'standard', label: 'Standard' }], taxRates: [] },
    },
    base: {
      ...{ currency: 'USD', taxMode: 'exclusive', countries: [], payment: [], allowedReturnUrls: [] },
      ...{ defaultSuccessUrl: '', defaultCancelUrl: '', returnWindowSeconds: 1 },
    },
    goods: {
      async hasTaxClass(id, tx) {
        const isUsed = await hasTaxClass(id, tx);
        if (!isUsed) await afterLooking();
        return isUsed;
      },
    },
  });
  const { productEditor } = createCatalogAdmin({
    ...{ models, clock, currency: 'USD' },
    mongo: { ...mongo, ...edits.mongo },
    outbox: {
      async append(tx, events) {
        await outbox.append(tx, events);
        await beforeCommit();
      },
    },
    stock: { receive: async () => undefined, republish: unused },
    taxClasses: {
      ids: async () => new Set((await taxClasses.list()).map(({ id }) => id)),
      hold: taxClasses.hold,
    },
    queues: { enqueue: unused },
    uploads: { take: unused, hold: unused, release: unused },
    files: { write: unused, presignGet: unused, remove: unused },
    pictures: { attach: unused, detach: unused },
  });
  return {
    taxClasses,
    create: (slug: string, taxClass: string) =>
      productEditor.create({
        ...{ slug, title: 'Book', description: '', brandId: null, categoryIds: [], taxClass, attributes: {} },
        ...{ status: 'active', options: [], imageAlts: {} },
        variants: [{ sku: slug.toUpperCase(), options: {}, price: 1_000, stock: 0 }],
      }),
    forget: (id: string) => products.deleteOne({ _id: id }),
    change: (id: string, taxClass: string) => productEditor.update({ id, taxClass }),
    /** Resolves when a transaction, that of a product or a removal, has to run again. */
    ...{ editsAgain: edits.again, removalsAgain: removals.again },
    onceBeforeCommit: (work: Hook) =>
      void (beforeCommit = async () => {
        beforeCommit = async () => undefined;
        await work();
      }),
    onceAfterLooking: (work: Hook) =>
      void (afterLooking = async () => {
        afterLooking = async () => undefined;
        await work();
      }),
    /** Products of classes that there are not. */
    async untaxed(): Promise<number> {
      const known = (await taxClasses.list()).map(({ id }) => id);
      return products.countDocuments({ taxClass: { $nin: known } });
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (isDomainError(error) ? error.reason : error),
  );

/** A shop with a class, and a way in which a product gets it. */
async function setUpWith(way: 'made' | 'changed') {
  const shop = await setUp();
  await shop.taxClasses.create({ id: 'books', label: 'Books' });
  // It was held before: from then on, an update that changes nothing would conflict with nobody.
  await shop.forget((await shop.create('first', 'books')).id);
  const { id } = await shop.create('globe', 'standard');
  const give = (): Promise<unknown> => (way === 'made' ? shop.create('atlas', 'books') : shop.change(id, 'books'));
  return { ...shop, give, classes: async () => (await shop.taxClasses.list()).map((one) => one.id) };
}

describe.each(['made', 'changed'] as const)('a tax class that a product gets which is %s', (way) => {
  it('stays when it is removed before that is done', async () => {
    await using shop = await setUpWith(way);
    let removal: Promise<unknown> | undefined;
    shop.onceBeforeCommit(async () => {
      removal = reasonOf(shop.taxClasses.remove('books'));
      // Either it is through, or it met the product's transaction.
      await Promise.race([removal, shop.removalsAgain]);
    });
    await shop.give();
    expect(await removal).toBe('IN_USE');
    expect([await shop.classes(), await shop.untaxed()]).toEqual([['standard', 'books'], 0]);
  });

  it('is none that the product can get any more when it is being removed', async () => {
    await using shop = await setUpWith(way);
    let given: Promise<unknown> | undefined;
    shop.onceAfterLooking(async () => {
      given = reasonOf(shop.give());
      await Promise.race([given, shop.editsAgain]);
    });
    await shop.taxClasses.remove('books');
    expect(await given).toBe('INVALID_INPUT');
    expect([await shop.classes(), await shop.untaxed()]).toEqual([['standard'], 0]);
  });
});
