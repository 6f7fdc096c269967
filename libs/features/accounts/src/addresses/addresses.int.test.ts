import { testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createAddressBookModel } from './address-book.model.ts';
import { createAddressBookRepository } from './address-book-repository.ts';
import { createAddresses } from './addresses.ts';

const home = { name: 'Ada', line1: '12 Analytical Row', city: 'Portland', postalCode: '97201', country: 'US' };
const plain = { address: home, defaultFor: [] };

const open = async () => {
  const db = await testMongo();
  const books = createAddressBookRepository({ books: createAddressBookModel(db.mongo.connection) });
  await db.mongo.ensureIndexes();
  const addresses = createAddresses({ books, countries: ['US', 'DE'] });
  const defaults = async (userId = 'ada') =>
    (await addresses.list(userId)).flatMap(({ id, defaultFor }) => defaultFor.map((use) => `${use} ${id}`)).sort();
  return { addresses, defaults, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
};

describe('addresses', () => {
  it('are kept as they were given, and changed and removed', async () => {
    await using app = await open();
    expect(await app.addresses.list('ada')).toEqual([]);
    const saved = await app.addresses.create('ada', plain);
    expect(saved).toEqual({ id: saved.id, address: home, defaultFor: ['shipping', 'billing'] });
    const moved = { ...home, line2: 'Floor 3', country: 'DE' };
    expect(await app.addresses.update('ada', { addressId: saved.id, address: moved })).toMatchObject({
      address: moved,
    });
    await app.addresses.remove('ada', saved.id);
    expect(await app.addresses.list('ada')).toEqual([]);
  });

  it('belong to their user alone', async () => {
    await using app = await open();
    const { id: addressId } = await app.addresses.create('ada', plain);
    await app.addresses.create('bob', plain);
    const tries = [
      app.addresses.update('bob', { addressId, address: home }),
      app.addresses.remove('bob', addressId),
      app.addresses.setDefault('bob', { addressId, use: 'billing' }),
    ];
    for (const outcome of await Promise.allSettled(tries)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'NOT_FOUND' } });
    }
    expect(await app.addresses.list('ada')).toHaveLength(1);
  });

  it('lie where the shop delivers', async () => {
    await using app = await open();
    const abroad = { ...home, country: 'FR' };
    const creating = app.addresses.create('ada', { ...plain, address: abroad });
    await expect(creating).rejects.toMatchObject({ reason: 'INVALID_INPUT' });
    const { id: addressId } = await app.addresses.create('ada', plain);
    await expect(app.addresses.update('ada', { addressId, address: abroad })).rejects.toThrow('INVALID_INPUT');
    expect((await app.addresses.list('ada')).map(({ address }) => address)).toEqual([home]);
  });

  it('are twenty at most, however many are added at once', async () => {
    await using app = await open();
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => app.addresses.create('ada', plain)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ reason: 'TOO_MANY_ADDRESSES' });
    }
    expect(await app.addresses.list('ada')).toHaveLength(20);
  });

  it('have one default for each use: after races, and when it is removed', async () => {
    await using app = await open();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await app.addresses.create('ada', plain)).id);
    expect(await app.defaults()).toEqual([`billing ${ids[0]}`, `shipping ${ids[0]}`]);
    await Promise.all(
      ids.flatMap((addressId) => [
        app.addresses.setDefault('ada', { addressId, use: 'shipping' }),
        app.addresses.setDefault('ada', { addressId, use: 'shipping' }),
      ]),
    );
    expect((await app.defaults()).filter((line) => line.startsWith('shipping'))).toHaveLength(1);
    await app.addresses.setDefault('ada', { addressId: ids[3] ?? '', use: 'billing' });
    expect(await app.defaults()).toContain(`billing ${ids[3]}`);
    await app.addresses.remove('ada', ids[3] ?? '');
    expect((await app.defaults()).filter((line) => line.startsWith('billing'))).toEqual([`billing ${ids[0]}`]);
  });

  it('become a default as they are added', async () => {
    await using app = await open();
    await app.addresses.create('ada', plain);
    const { id } = await app.addresses.create('ada', { address: home, defaultFor: ['billing'] });
    expect(await app.defaults()).toContain(`billing ${id}`);
  });
});
