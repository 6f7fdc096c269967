import { DomainError } from '@cartwright/domain-errors';
import { MOVEMENT_KINDS } from '@cartwright/domain-stock';
import { createIdempotencyRecords, nameIntent } from '@cartwright/platform-idempotency';
import { newId } from '@cartwright/platform-mongo';
import { collectingOutbox, fixedClock, testMongo } from '@cartwright/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInventoryHandlers, createInventoryService, createStockModels, createStockRepository } from './index.ts';

async function setUp() {
  const db = await testMongo();
  const { mongo } = db;
  const repository = createStockRepository(createStockModels(mongo.connection));
  await mongo.ensureIndexes();
  const outbox = collectingOutbox();
  const clock = fixedClock(new Date());
  const records = createIdempotencyRecords({ mongo, clock });
  const stock = createInventoryService({ mongo, stock: repository, records, outbox, clock });
  const stockUp = (variantId: string, onHand: number) =>
    mongo.transaction((tx) => stock.receive([{ variantId, productId: 'p', onHand }], tx));
  const level = async (variantId: string) => (await stock.levels([variantId])).get(variantId);
  type Given<Correct extends keyof typeof stock & ('adjust' | 'setStock')> = Parameters<(typeof stock)[Correct]>[0];
  const intentOf = (procedure: string, input: object, key: string) =>
    nameIntent({ caller: 'user:admin', procedure, key, input });
  const adjust = (input: Given<'adjust'>, key: string = newId()) =>
    stock.adjust(input, intentOf('adjustStock', input, key));
  const setStock = (input: Given<'setStock'>, key: string = newId()) =>
    stock.setStock(input, intentOf('setStock', input, key));
  return {
    ...{ mongo, repository, outbox, stock, stockUp, level, adjust, setStock },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

const order = (sourceId: string) => ({ source: 'order', sourceId });

describe('what runs low', () => {
  it('is what can be sold, fewest first, page by page, and follows every movement', async () => {
    await using shop = await setUp();
    for (const [variantId, onHand] of Object.entries({ a: 9, b: 3, c: 3, d: 0, e: 4 })) {
      await shop.stockUp(variantId, onHand);
    }
    await shop.mongo.transaction((tx) => shop.stock.hold([{ variantId: 'a', quantity: 8 }], order('1'), tx));
    const lowest = async (after?: { available: number; variantId: string }) =>
      (await shop.stock.lowest(3, 2, after)).map(({ variantId, available }) => [variantId, available]);
    expect(await lowest()).toEqual([
      ['d', 0],
      ['a', 1],
    ]);
    expect(await lowest({ available: 1, variantId: 'a' })).toEqual([
      ['b', 3],
      ['c', 3],
    ]);
    expect(await lowest({ available: 3, variantId: 'c' })).toEqual([]);
    await shop.mongo.transaction((tx) => shop.stock.ship([{ variantId: 'a', quantity: 8 }], order('1'), tx));
    await shop.adjust({ variantId: 'b', delta: -3, reason: 'Lost', by: 'u' });
    expect(await lowest()).toEqual([
      ['b', 0],
      ['d', 0],
    ]);
  });

  it('is read by an index, and knows of levels written before it was kept', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 2);
    await shop.stockUp('b', 7);
    const levels = shop.mongo.connection.collection('stock_levels');
    await levels.updateMany({}, { $unset: { available: 1 } });
    await shop.stock.prepare();
    expect((await shop.stock.lowest(5, 10)).map(({ variantId }) => variantId)).toEqual(['a']);
    const plan = JSON.stringify(
      await levels
        .find({ available: { $lte: 5 } })
        .sort({ available: 1, _id: 1 })
        .explain(),
    );
    expect(plan).toContain('available_1__id_1');
    expect(plan).not.toContain('"stage":"SORT"');
  });
});

describe('what is listed as available', () => {
  it('is put right where a process of an older release moved stock without it', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 2);
    await shop.stockUp('b', 7);
    await shop.stockUp('c', 1);
    const levels = shop.mongo.connection.collection<{ _id: string }>('stock_levels');
    await levels.updateOne({ _id: 'b' }, { $inc: { reserved: 6, version: 1 } });
    // Until then it is listed by what was kept, and says so, whatever can be sold by now: pages go by it.
    const before = await shop.stock.lowest(9, 10);
    expect(before.map(({ variantId, available, listedBy }) => [variantId, available, listedBy])).toEqual([
      ['c', 1, 1],
      ['a', 2, 2],
      ['b', 1, 7],
    ]);
    expect(await shop.stock.lowest(9, 10, { available: 7, variantId: 'b' })).toEqual([]);
    await shop.stock.prepare();
    const after = await shop.stock.lowest(9, 10);
    expect(after.map(({ variantId, listedBy }) => [variantId, listedBy])).toEqual([
      ['b', 1],
      ['c', 1],
      ['a', 2],
    ]);
  });
});

describe('inventory', () => {
  it('receives new variants once', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    await shop.stockUp('a', 99);
    expect(await shop.level('a')).toEqual({ variantId: 'a', onHand: 5, reserved: 0, available: 5, version: 1 });
  });

  it('holds all lines or none', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    await shop.stockUp('b', 1);
    const lines = [
      { variantId: 'a', quantity: 2 },
      { variantId: 'b', quantity: 1 },
      { variantId: 'a', quantity: 2 },
    ];
    const event = await shop.mongo.transaction((tx) => shop.stock.hold(lines, order('1'), tx));
    expect(event.payload).toEqual({ variantIds: ['a', 'b'] });
    expect(await shop.level('a')).toMatchObject({ reserved: 4, available: 1 });
    await expect(shop.mongo.transaction((tx) => shop.stock.hold(lines, order('2'), tx))).rejects.toMatchObject({
      reason: 'OUT_OF_STOCK',
      details: {
        lines: [
          { variantId: 'a', requested: 4, available: 1 },
          { variantId: 'b', requested: 1, available: 0 },
        ],
      },
    });
    expect(await shop.level('a')).toMatchObject({ reserved: 4 });
    expect(await shop.mongo.transaction((tx) => shop.stock.holdIfAvailable(lines, order('2'), tx))).toBeNull();
  });

  it('knows nothing of a variant without stock', async () => {
    await using shop = await setUp();
    const hold = shop.mongo.transaction((tx) => shop.stock.hold([{ variantId: 'x', quantity: 1 }], order('1'), tx));
    await expect(hold).rejects.toMatchObject({ details: { lines: [{ variantId: 'x', requested: 1, available: 0 }] } });
  });

  it('moves a variant once per cause and kind', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    const hold = () =>
      shop.mongo.transaction((tx) => shop.stock.hold([{ variantId: 'a', quantity: 1 }], order('1'), tx));
    await hold();
    await expect(hold()).rejects.toThrowError();
    expect(await shop.level('a')).toMatchObject({ reserved: 1 });
  });

  it('never releases or ships what it does not hold', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    const lines = [{ variantId: 'a', quantity: 1 }];
    await expect(shop.mongo.transaction((tx) => shop.stock.release(lines, order('1'), tx))).rejects.toThrowError(
      'release',
    );
    await expect(shop.mongo.transaction((tx) => shop.stock.ship(lines, order('1'), tx))).rejects.toThrowError('ship');
    expect(await shop.level('a')).toMatchObject({ onHand: 5, reserved: 0, version: 1 });
  });

  it('corrects counts, but not below what is reserved, and only over the version seen', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    await shop.mongo.transaction((tx) => shop.stock.hold([{ variantId: 'a', quantity: 3 }], order('1'), tx));
    const who = { variantId: 'a', reason: 'count', by: 'admin' };
    expect(await shop.adjust({ ...who, delta: -2 })).toMatchObject({ onHand: 3, available: 0 });
    await expect(shop.adjust({ ...who, delta: -1 })).rejects.toMatchObject({ reason: 'OUT_OF_STOCK' });
    await expect(shop.setStock({ ...who, onHand: 10, expectedVersion: 1 })).rejects.toThrowError('VERSION_CONFLICT');
    expect(await shop.setStock({ ...who, onHand: 10, expectedVersion: 3 })).toMatchObject({
      onHand: 10,
      version: 4,
    });
    expect(await shop.setStock({ ...who, onHand: 10 })).toMatchObject({ version: 4 });
    await expect(shop.adjust({ ...who, variantId: 'x', delta: 1 })).rejects.toThrowError('NOT_FOUND');
    expect(shop.outbox.types()).toEqual(['stock.changed', 'stock.changed']);
  });

  it('is corrected once for an intent, however often it is sent, and lists its movements each once', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    const count = { variantId: 'a', reason: 'count', by: 'admin' };
    await Promise.all(Array.from({ length: 6 }, () => shop.adjust({ ...count, delta: 4 }, 'key-1')));
    expect(await shop.level('a')).toMatchObject({ onHand: 9, version: 2 });
    for (let index = 0; index < 5; index += 1) await shop.adjust({ ...count, delta: 1 });
    const seen = [];
    let cursor: string | undefined;
    do {
      const page = await shop.stock.movements({ variantId: 'a', limit: 2, cursor });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.map(({ deltaOnHand }) => deltaOnHand).toSorted()).toEqual([1, 1, 1, 1, 1, 4, 5]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7);
    expect(seen.filter(({ by }) => by === 'admin')).toHaveLength(6);
  });

  it('knows an intent by all that was asked for, and is told what it came to as it is by now', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    await shop.stockUp('b', 5);
    const count = { variantId: 'a', reason: 'count', by: 'admin' };
    await shop.adjust({ ...count, delta: 4 }, 'key-1');
    await expect(shop.adjust({ ...count, delta: 3 }, 'key-1')).rejects.toThrowError('IDEMPOTENCY_KEY_REUSED');
    const elsewhere = shop.adjust({ ...count, variantId: 'b', delta: 4 }, 'key-1');
    await expect(elsewhere).rejects.toThrowError('IDEMPOTENCY_KEY_REUSED');
    expect(await shop.level('b')).toMatchObject({ onHand: 5 });
    await shop.adjust({ ...count, delta: -1 });
    expect(await shop.adjust({ ...count, delta: 4 }, 'key-1')).toMatchObject({ onHand: 8, version: 3 });
  });

  it('is not set back by the repetition of a count that was right at its time', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    const count = { variantId: 'a', reason: 'count', by: 'admin', onHand: 5 };
    expect(await shop.setStock(count, 'key-1')).toMatchObject({ onHand: 5, version: 1 });
    await shop.adjust({ variantId: 'a', reason: 'Found', by: 'admin', delta: 2 });
    expect(await shop.setStock(count, 'key-1')).toMatchObject({ onHand: 7, version: 2 });
  });

  it('leaves an intent that was refused to be tried again', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 1);
    const lost = { variantId: 'a', reason: 'Lost', by: 'admin', delta: -2 };
    await expect(shop.adjust(lost, 'key-1')).rejects.toMatchObject({ reason: 'OUT_OF_STOCK' });
    await shop.adjust({ ...lost, delta: 1 });
    expect(await shop.adjust(lost, 'key-1')).toMatchObject({ onHand: 0 });
  });

  it('has movements that sum to the level, whatever is tried', async () => {
    await using shop = await setUp();
    const moves = fc.array(fc.tuple(fc.constantFrom(...MOVEMENT_KINDS), fc.integer({ min: 1, max: 9 })), {
      maxLength: 15,
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(moves, async (list) => {
        run += 1;
        const variantId = `v${run}`;
        await shop.stockUp(variantId, 10);
        for (const [index, [kind, quantity]] of list.entries()) {
          const lines = [{ variantId, quantity }];
          const attempt =
            kind === 'adjust'
              ? shop.adjust({ variantId, delta: quantity - 5 || 1, reason: 'count', by: 'admin' })
              : shop.mongo.transaction((tx) => shop.stock[kind](lines, order(String(index)), tx));
          await attempt.catch((error: unknown) => {
            if (!(error instanceof DomainError) && !String(error).includes("Stock can't")) throw error;
          });
        }
        const level = await shop.level(variantId);
        const movements = await shop.repository.movementsOf(variantId);
        expect(level?.onHand).toBe(movements.reduce((sum, movement) => sum + movement.deltaOnHand, 0));
        expect(level?.reserved).toBe(movements.reduce((sum, movement) => sum + movement.deltaReserved, 0));
        expect(level?.available).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 12 },
    );
  });

  it('tells the catalog what is available now', async () => {
    await using shop = await setUp();
    await shop.stockUp('a', 5);
    const event = await shop.mongo.transaction((tx) =>
      shop.stock.hold([{ variantId: 'a', quantity: 2 }], order('1'), tx),
    );
    const applied: unknown[] = [];
    const announced: unknown[] = [];
    const availability = {
      applyStock: async (change: unknown) => void applied.push(change),
      announce: async (...news: unknown[]) => void announced.push(news),
    };
    const [handler] = createInventoryHandlers({ stock: shop.repository, availability });
    const delivered = { ...event, id: 'e', type: event.event.type, version: 1 };
    await shop.mongo.transaction(async (tx) => handler?.handle(delivered, { tx }));
    expect(applied).toEqual([{ variantId: 'a', available: 3, version: 2 }]);
    expect(announced).toEqual([[['a'], 'e']]);
  });
});
