import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedMongo, type EmbeddedMongo } from './index.ts';

let server: EmbeddedMongo;
beforeAll(async () => {
  server = await startEmbeddedMongo();
});
afterAll(() => server.stop());

describe('a client that vanishes in the middle of a transaction', () => {
  it('does not keep what it had locked', async () => {
    const survivor = await MongoClient.connect(server.uri);
    const stock = survivor.db('shop').collection<{ _id: string; left: number }>('stock');
    await stock.insertOne({ _id: 'lamp', left: 5 });

    const victim = await MongoClient.connect(server.uri);
    const session = victim.startSession();
    session.startTransaction();
    await victim
      .db('shop')
      .collection<{ _id: string; left: number }>('stock')
      .updateOne({ _id: 'lamp' }, { $inc: { left: -1 } }, { session });
    // Not `close`, which would say goodbye and end the session: the sockets just break, as they do for a killed process.
    for (const connection of openConnections(victim)) connection.destroy();

    await survivor.withSession((own) =>
      own.withTransaction((tx) => stock.updateOne({ _id: 'lamp' }, { $inc: { left: -2 } }, { session: tx })),
    );
    expect(await stock.findOne({ _id: 'lamp' })).toEqual({ _id: 'lamp', left: 3 });
    await survivor.close();
    await victim.close();
  });
});

interface Topology {
  s: {
    servers: Map<
      string,
      { pool: { checkedOut: Set<{ destroy(): void }>; connections: Iterable<{ destroy(): void }> } }
    >;
  };
}

/** The driver's sockets: there is no public way to lose them. */
function openConnections(client: MongoClient): { destroy(): void }[] {
  const { topology } = client as unknown as { topology: Topology };
  return [...topology.s.servers.values()].flatMap(({ pool }) => [...pool.connections, ...pool.checkedOut]);
}
