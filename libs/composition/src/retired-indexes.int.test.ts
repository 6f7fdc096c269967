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

it('indexes that earlier versions made go, and what is asked for instead is there', async () => {
  await using stores = await createStores();
  const where = { currency: 'USD', timezone: 'UTC', taxMode: 'exclusive', clock: fixedClock() };
  const shop = await createFiguresShop(stores, where);
  await using _closing = { [Symbol.asyncDispose]: async () => shop.close() };
  const { mongo } = shop.platform;
  const events = mongo.connection.collection('payment_events');
  const refunds = mongo.connection.collection('payment_refunds');
  await events.createIndex({ status: 1, retryAt: 1 });
  await refunds.dropIndex('waiting');
  await refunds.createIndex({ waitsFor: 1, updatedAt: 1 }, { sparse: true });

  await mongo.ensureIndexes(RETIRED_INDEXES);
  const namesOf = async (of: typeof events) => (await of.indexes()).map(({ name }) => name);
  expect(await namesOf(events)).not.toContain('status_1_retryAt_1');
  expect(await namesOf(events)).toContain('status_1_retryAt_1_receivedAt_1');
  expect(await namesOf(refunds)).not.toContain('waitsFor_1_updatedAt_1');
  expect(await namesOf(refunds)).toContain('waiting');
});
