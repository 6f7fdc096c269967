import type { Document } from 'mongodb';
import { duration, latency, type Round } from './measure.ts';
import { productId } from './product.ts';
import { emptied, insertProducts, type Side } from './side.ts';

const READS = 1500;
const WRITES = 300;
const CLIENTS = 200;
const PER_CLIENT = 10;

/** Numbers all over the collection, others in each round, the same on every side. */
const numberAt = (round: number, at: number, below: number): number => ((round * 7907 + at) * 104_729) % below;

function found(document: Document | null): void {
  if (document === null) throw new Error('a product that has to be there is missing');
}

export const findById =
  ({ products }: Side, documents: number): Round =>
  (round) =>
    latency(READS, async (at) => found(await products.findOne({ _id: productId(numberAt(round, at, documents)) })));

export const findBySlug =
  ({ products }: Side, documents: number): Round =>
  (round) =>
    latency(READS, async (at) => {
      found(await products.findOne({ slug: `product-${numberAt(round, at, documents)}`, deletedAt: null }));
    });

export const pageOfCategory =
  ({ products }: Side): Round =>
  (round) =>
    latency(READS / 3, async (at) => {
      const filter = { listed: true, categoryIds: `c${(round + at) % 60}` };
      const page = await products.find(filter).sort({ priceFrom: 1, _id: 1 }).limit(20).toArray();
      if (page.length !== 20) throw new Error('a page is not full');
    });

/** Seconds for 10,000 documents in thousands into a collection with the indexes of the products. */
export const bulkInsert =
  ({ inserted }: Side): Round =>
  async () => {
    await emptied(inserted);
    return (await duration(() => insertProducts(inserted, 1_000_000, 10_000))) / 1000;
  };

export const updateOne =
  ({ products }: Side, documents: number): Round =>
  (round) =>
    latency(WRITES, (at) =>
      products.updateOne({ _id: productId(numberAt(round, at, documents)) }, { $inc: { unitsSold: 1, version: 1 } }),
    );

/** Reads a product, counts its sale and writes an order down. */
async function buy({ client, products, orders }: Side, number: number): Promise<void> {
  await client.withSession((session) =>
    session.withTransaction(async () => {
      const _id = productId(number);
      const product = await products.findOne({ _id }, { session });
      found(product);
      await products.updateOne({ _id }, { $inc: { unitsSold: 1 } }, { session });
      await orders.insertOne({ _id: crypto.randomUUID(), product: _id, price: product?.['priceFrom'] }, { session });
    }),
  );
}

export const transaction =
  (side: Side, documents: number): Round =>
  (round) =>
    latency(WRITES, (at) => buy(side, numberAt(round, at, documents)));

/** Transactions a second of clients that each wait for their own commits, on products of their own. */
export const parallelTransactions =
  (side: Side, documents: number): Round =>
  async () => {
    const share = Math.floor(documents / CLIENTS);
    const client = async (number: number): Promise<void> => {
      for (let at = 0; at < PER_CLIENT; at++) await buy(side, number * share + (at % share));
    };
    const all = await duration(() => Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number))));
    return (CLIENTS * PER_CLIENT) / (all / 1000);
  };
