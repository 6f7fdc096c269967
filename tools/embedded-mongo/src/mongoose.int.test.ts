import mongoose, { Schema, type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedMongo, type EmbeddedMongo } from './index.ts';

const authorSchema = new Schema({ name: { type: String, required: true }, email: { type: String, unique: true } });
const bookSchema = new Schema(
  {
    title: String,
    price: Schema.Types.Decimal128,
    author: { type: Schema.Types.ObjectId, ref: 'Author' },
    tags: { type: [String], index: true },
    stock: { type: Number, default: 0 },
    meta: { type: Map, of: String },
  },
  { timestamps: true, optimisticConcurrency: true },
);

describe('Mongoose', () => {
  let mongo: EmbeddedMongo;
  let connection: Connection;

  beforeAll(async () => {
    mongo = await startEmbeddedMongo();
    connection = await mongoose.createConnection(mongo.uri, { dbName: 'library' }).asPromise();
    connection.model('Author', authorSchema);
    connection.model('Book', bookSchema);
    await Promise.all(Object.values(connection.models).map((model) => model.init()));
  });
  afterAll(async () => {
    await connection.close();
    await mongo.stop();
  });

  it('builds the indexes of its schemas and finds them in order later', async () => {
    const names = (await connection.model('Book').listIndexes()).map(({ name }) => String(name));
    expect(names).toEqual(['_id_', 'tags_1']);
    expect(await connection.model('Author').diffIndexes()).toEqual({ toDrop: [], toCreate: [] });
    expect(await connection.model('Author').syncIndexes()).toEqual([]);
  });

  it('saves, populates, validates versions and reports duplicates', async () => {
    const Author = connection.model('Author');
    const Book = connection.model('Book');
    const author = await Author.create({ name: 'Ann', email: 'ann@example.test' });
    await expect(Author.create({ name: 'Other', email: 'ann@example.test' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { email: 1 },
      keyValue: { email: 'ann@example.test' },
    });
    const book = await Book.create({
      title: 'One',
      price: '9.90',
      author: author._id,
      tags: ['x'],
      meta: { lang: 'en' },
    });
    const found = await Book.findById(book._id).populate<{ author: { name: string } }>('author').orFail();
    expect(found.author.name).toBe('Ann');
    expect(String(found.get('price'))).toBe('9.90');
    const same = await Book.findById(book._id).orFail();
    found.set('stock', 5);
    await found.save();
    same.set('stock', 7);
    await expect(same.save()).rejects.toThrow(mongoose.Error.VersionError);
    expect(
      await Book.findOneAndUpdate({ _id: book._id }, { $inc: { stock: 1 } }, { returnDocument: 'after' }).lean(),
    ).toMatchObject({ stock: 6, __v: 1 });
  });

  it('writes in bulk, aggregates, and goes through cursors', async () => {
    const Book = connection.model('Book');
    await Book.deleteMany({});
    await Book.bulkWrite([
      { insertOne: { document: { title: 'a', stock: 1 } } },
      { insertOne: { document: { title: 'b', stock: 2 } } },
      { updateOne: { filter: { title: 'a' }, update: { $inc: { stock: 10 } } } },
      { updateOne: { filter: { title: 'c' }, update: { $set: { stock: 3 } }, upsert: true } },
      { deleteOne: { filter: { title: 'b' } } },
    ]);
    const totals = await Book.aggregate([
      { $group: { _id: null, stock: { $sum: '$stock' }, titles: { $push: '$title' } } },
    ]);
    expect(totals).toEqual([{ _id: null, stock: 14, titles: ['a', 'c'] }]);
    const titles: unknown[] = [];
    for await (const row of Book.find().sort({ title: -1 }).cursor()) titles.push(row.get('title'));
    expect(titles).toEqual(['c', 'a']);
    expect(await Book.distinct('stock')).toEqual([3, 11]);
    expect(await Book.countDocuments({ stock: { $gt: 5 } })).toBe(1);
  });

  it('runs transactions, and puts documents back as they were when one fails', async () => {
    const Author = connection.model('Author');
    const author = await Author.create({ name: 'Bea', email: 'bea@example.test' });
    await expect(
      connection.transaction(async (session) => {
        author.set('name', 'Changed');
        await author.save({ session });
        await Author.create([{ name: 'Cid', email: 'cid@example.test' }], { session });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await Author.countDocuments({ email: /^(bea|cid)/ })).toBe(1);
    expect((await Author.findById(author._id).orFail()).get('name')).toBe('Bea');
    await connection.transaction(async (session) => {
      await Author.updateOne({ _id: author._id }, { name: 'Bee' }, { session });
    });
    expect((await Author.findById(author._id).orFail()).get('name')).toBe('Bee');
  });
});
