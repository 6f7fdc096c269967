import { MongoClient } from 'mongodb';

/** Clients that outlive the servers they talk to. */
export interface Clients extends AsyncDisposable {
  readonly all: readonly MongoClient[];
}

export function connectClients(port: number): Clients {
  const all = Array.from(
    { length: 3 },
    () =>
      new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
        // Looks for the server again at once when it has gone.
        minHeartbeatFrequencyMS: 5,
        serverSelectionTimeoutMS: 10_000,
        maxPoolSize: 6,
      }),
  );
  return {
    all,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((client) => client.close()));
    },
  };
}

/**
 * Whether a server that clients wait for is well: a new client reaches every document, so no lock is left. Then it is the
 * driver that has lost its way, as it does when a connection closes in the moment in which it writes to it.
 */
export async function isWell(port: number): Promise<boolean> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 3000,
  });
  try {
    const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) {
      const db = client.db(name);
      for (const collection of await db.listCollections().toArray()) {
        await db.collection(collection.name).updateMany({}, { $set: { reached: true } }, { maxTimeMS: 3000 });
      }
    }
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
