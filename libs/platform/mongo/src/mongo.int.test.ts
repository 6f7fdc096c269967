import { mongo, Schema } from 'mongoose';
import { testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { isDuplicateKeyError } from './errors.ts';
import { newId } from './id.ts';
import type { Mongo } from './mongo.ts';
import { schemaOptions } from './schema-options.ts';
import { afterCommit, sessionOf } from './transaction.ts';

type Account = { _id: string; owner: string; balance: number };

const accountsOf = async (mongo: Mongo) => {
  const schema = new Schema<Account>(
    { _id: String, owner: { type: String, required: true }, balance: { type: Number, required: true } },
    { ...schemaOptions, collection: 'accounts' },
  );
  schema.index({ owner: 1 }, { unique: true, name: 'owner_unique' });
  const model = mongo.connection.model<Account>('Account', schema);
  await mongo.ensureIndexes();
  return model;
};

describe('mongo', () => {
  it('drops the indexes of earlier versions, and minds none that is not there', async () => {
    await using db = await testMongo();
    const accounts = await accountsOf(db.mongo);
    await accounts.collection.createIndex({ balance: -1 });
    const namesOf = async () => (await accounts.collection.indexes()).map(({ name }) => name);
    expect(await namesOf()).toContain('balance_-1');
    const retired = [
      { collection: 'accounts', name: 'balance_-1' },
      { collection: 'accounts', name: 'never_1' },
      { collection: 'nowhere', name: 'balance_-1' },
    ];
    await Promise.all([db.mongo.ensureIndexes(retired), db.mongo.ensureIndexes(retired)]);
    expect(await namesOf()).toEqual(['_id_', 'owner_unique']);
    // One that can't be dropped is no such one.
    const mistake = db.mongo.ensureIndexes([{ collection: 'accounts', name: '_id_' }]);
    await expect(mistake).rejects.toMatchObject({ codeName: 'InvalidOptions' });
  });

  it('commits and rolls back', async () => {
    await using db = await testMongo();
    const accounts = await accountsOf(db.mongo);
    const committed: string[] = [];
    await db.mongo.transaction(async (tx) => {
      afterCommit(tx, 'test', () => committed.push('first'));
      await accounts.insertMany([{ _id: newId(), owner: 'ada', balance: 1 }], { session: sessionOf(tx) ?? null });
    });
    const failing = db.mongo.transaction(async (tx) => {
      afterCommit(tx, 'test', () => committed.push('second'));
      await accounts.insertMany([{ _id: newId(), owner: 'bob', balance: 1 }], { session: sessionOf(tx) ?? null });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await accounts.find().lean()).map(({ owner }) => owner)).toEqual(['ada']);
    expect(committed).toEqual(['first']);
  });

  it.each([
    ['alone', (lost: mongo.MongoError) => lost],
    // The driver makes no other of a bulk write that finds no connection.
    ['in a bulk write', (lost: mongo.MongoError) => new mongo.MongoBulkWriteError(lost as never, {} as never)],
  ])('runs again when a connection is lost on the way, %s', async (_, asThrown) => {
    await using db = await testMongo();
    const accounts = await accountsOf(db.mongo);
    let runs = 0;
    await db.mongo.transaction(async (tx) => {
      runs += 1;
      await accounts.insertMany([{ _id: newId(), owner: 'ada', balance: runs }], { session: sessionOf(tx) ?? null });
      if (runs === 1) throw asThrown(new mongo.MongoNetworkError('The pool was cleared'));
    });
    expect(await accounts.find({}, { _id: 0, balance: 1 }).lean()).toEqual([{ balance: 2 }]);
  });

  it('keeps sums under conflicting transactions', async () => {
    await using db = await testMongo();
    const accounts = await accountsOf(db.mongo);
    await accounts.insertMany([
      { _id: 'a', owner: 'ada', balance: 100 },
      { _id: 'b', owner: 'bob', balance: 100 },
    ]);
    const transfer = (from: string, to: string) =>
      db.mongo.transaction(async (tx) => {
        const session = sessionOf(tx) ?? null;
        const source = await accounts.findOne({ _id: from }).session(session).lean();
        const target = await accounts.findOne({ _id: to }).session(session).lean();
        await accounts.updateOne({ _id: from }, { $set: { balance: (source?.balance ?? 0) - 1 } }).session(session);
        await accounts.updateOne({ _id: to }, { $set: { balance: (target?.balance ?? 0) + 1 } }).session(session);
      });
    await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 3 === 0 ? transfer('b', 'a') : transfer('a', 'b'))));
    const balances = Object.fromEntries((await accounts.find().lean()).map(({ _id, balance }) => [_id, balance]));
    expect(balances).toEqual({ a: 98, b: 102 });
  });

  it('tells violations of a unique index', async () => {
    await using db = await testMongo();
    const accounts = await accountsOf(db.mongo);
    await accounts.insertMany([{ _id: 'a', owner: 'ada', balance: 1 }]);
    const failure: unknown = await accounts
      .insertMany([{ _id: 'b', owner: 'ada', balance: 1 }])
      .catch((error: unknown) => error);
    expect(isDuplicateKeyError(failure)).toBe(true);
    expect(isDuplicateKeyError(failure, 'owner_unique')).toBe(true);
    expect(isDuplicateKeyError(failure, 'another')).toBe(false);
    const inside = db.mongo.transaction((tx) =>
      accounts.insertMany([{ _id: 'c', owner: 'ada', balance: 1 }], { session: sessionOf(tx) ?? null }),
    );
    await expect(inside).rejects.toSatisfy((error) => isDuplicateKeyError(error, 'owner_unique'));
  });

  it('refuses unknown paths in filters and documents', async () => {
    await using db = await testMongo();
    const accounts = await accountsOf(db.mongo);
    await expect(accounts.deleteMany({ ownr: 'ada' } as never)).rejects.toThrow();
    await expect(accounts.create({ _id: 'a', owner: 'ada', balance: 1, admin: true } as never)).rejects.toThrow();
    await expect(accounts.findOne({ owner: { $ne: null } as never }).lean()).resolves.toBeNull();
  });
});

describe('cursors', () => {
  const schema = z.tuple([z.number(), z.string()]);

  it('come back as they were, and nothing else does', () => {
    expect(decodeCursor(encodeCursor([5, 'a']), schema)).toEqual([5, 'a']);
    const forged = ['', 'nonsense', encodeCursor({ a: 1 }), encodeCursor([{ $gt: 1 }, 'a']), 'a'.repeat(5_000)];
    for (const cursor of forged) expect(() => decodeCursor(cursor, schema)).toThrow('CURSOR_INVALID');
  });
});
