import { fixedClock } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import { RETIRED_INDEXES } from './retired-indexes.ts';
import { createFiguresShop, createStores } from './testing/figures-lab.fixture.ts';

it('no index that is dropped at each start is one that the shop makes at each start', async () => {
  await using stores = await createStores();
  const where = { currency: 'USD', timezone: 'UTC', taxMode: 'exclusive', clock: fixedClock() };
  const shop = await createFiguresShop(stores, where);
  await using _closing = { [Symbol.asyncDispose]: async () => shop.close() };
  const { connection } = shop.platform.mongo;
  for (const { collection, name } of RETIRED_INDEXES) {
    const names = (await connection.collection(collection).indexes()).map((index) => index.name);
    expect(names.length, collection).toBeGreaterThan(1);
    expect(names, collection).not.toContain(name);
  }
});
