import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** A data folder of its own, removed by `using`. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'cartwright-mongo-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
