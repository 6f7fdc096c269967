import { MongoClient, type Db, type MongoClientOptions } from 'mongodb';
import { startEmbeddedMongo, type EmbeddedMongo } from '../index.ts';

/** A server in memory with a connected driver, closed by `await using`. */
export interface TestServer extends AsyncDisposable {
  readonly mongo: EmbeddedMongo;
  readonly client: MongoClient;
  readonly db: Db;
}

export async function openTestServer(options: MongoClientOptions = {}): Promise<TestServer> {
  const mongo = await startEmbeddedMongo();
  const client = new MongoClient(mongo.uri, { serverSelectionTimeoutMS: 5000, ...options });
  return {
    mongo,
    client,
    db: client.db('test'),
    async [Symbol.asyncDispose]() {
      await client.close();
      await mongo.stop();
    },
  };
}
