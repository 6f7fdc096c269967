import { MongoClient, type Collection, type Document } from 'mongodb';
import { INDEXES, productOf } from './product.ts';

interface Row extends Document {
  _id: string;
}

/** A server under measurement with the products in it. */
export interface Side {
  readonly client: MongoClient;
  readonly products: Collection<Row>;
  readonly inserted: Collection<Row>;
  readonly orders: Collection<Row>;
}

const BATCH = 1000;

/** Connects and fills the database `mongo_bench` anew. */
export async function openSide(uri: string, documents: number): Promise<Side> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000, maxPoolSize: 200 });
  const db = client.db('mongo_bench');
  await db.dropDatabase();
  const products = db.collection<Row>('products');
  await insertProducts(products, 0, documents);
  await products.createIndexes(INDEXES.map((index) => ({ ...index })));
  const orders = await db.createCollection<Row>('orders');
  return { client, products, inserted: db.collection<Row>('inserted'), orders };
}

export async function insertProducts(collection: Collection<Row>, from: number, count: number): Promise<void> {
  for (let at = from; at < from + count; at += BATCH) {
    const size = Math.min(BATCH, from + count - at);
    await collection.insertMany(Array.from({ length: size }, (_, step) => productOf(at + step) as Row));
  }
}

/** An empty collection with the same indexes. */
export async function emptied(collection: Collection<Row>): Promise<void> {
  await collection.drop();
  await collection.createIndexes(INDEXES.map((index) => ({ ...index })));
}
