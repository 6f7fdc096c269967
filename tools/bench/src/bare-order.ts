import { MongoClient, type AnyClientBulkWriteModel, type Document } from 'mongodb';
import { cycle } from './catalog-scenarios.ts';
import { newId } from './ids.ts';

const VARIANTS = 200;
const WORKERS = 64;

type Row = Document & { readonly _id: string };

/** Places orders with nothing around it. */
export interface BareOrders {
  place(worker: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * The transaction that places an order, by the driver alone: the updates, the read and the inserts of the shop's, with
 * copies of what it wrote for its latest order, which has to be there. Events count as handled: nothing follows from them.
 */
export async function openBareOrders(mongoUri: string): Promise<BareOrders> {
  const client = await MongoClient.connect(mongoUri, { ignoreUndefined: true });
  const database = client.db();
  const rowsOf = (name: string) => database.collection<Row>(name);
  const order = await rowsOf('orders').findOne({}, { sort: { createdAt: -1 } });
  if (!order) throw new Error('No order was placed yet');
  const ofOrder = {
    stock_movements: { sourceId: order._id },
    idempotencyRecords: { resultId: order._id },
    outbox: { aggregateId: { $in: [order._id, `order/${order._id}`] } },
  };
  const written = [{ collection: 'orders', row: order }];
  for (const [collection, filter] of Object.entries(ofOrder)) {
    for (const row of await rowsOf(collection).find(filter).toArray()) written.push({ collection, row });
  }
  const variant = cycle(
    (await rowsOf('stock_levels').find().sort({ available: -1 }).limit(VARIANTS).toArray()).map(({ _id }) => _id),
  );
  const now = new Date();
  const carts = Array.from({ length: WORKERS }, () => ({
    ...{ _id: newId(), version: 0, lines: [{ ...order['lines'][0] }], createdAt: now, updatedAt: now },
  }));
  await rowsOf('carts').insertMany(carts);

  const copies = (): AnyClientBulkWriteModel<Row>[] =>
    written.map(({ collection, row }) => ({
      name: 'insertOne',
      namespace: `${database.databaseName}.${collection}`,
      document: {
        ...row,
        _id: newId(),
        ...(collection === 'orders' && { number: newId() }),
        ...(collection === 'stock_movements' && { sourceId: newId() }),
        ...(collection === 'outbox' && { status: 'done', doneAt: new Date(), dueAt: undefined }),
      },
    }));

  return {
    async place(worker) {
      const variantId = variant();
      const session = client.startSession();
      const work = async (): Promise<void> => {
        const hold = { $inc: { reserved: 1, available: -1, version: 1 } };
        await rowsOf('stock_levels').updateOne({ _id: variantId, available: { $gte: 1 } }, hold, { session });
        const emptied = { $set: { lines: [], updatedAt: new Date() }, $inc: { version: 1 } };
        await rowsOf('carts').updateOne({ _id: carts[worker % WORKERS]?._id ?? '' }, emptied, { session });
        await rowsOf('products').find({ 'variants.id': variantId }, { session }).toArray();
        await client.bulkWrite<Record<string, Row>>(copies(), { session });
      };
      try {
        await session.withTransaction(work, {
          readConcern: { level: 'snapshot' },
          writeConcern: { w: 'majority' },
        });
      } finally {
        await session.endSession();
      }
    },
    close: () => client.close(),
  };
}
