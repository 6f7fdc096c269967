import { MongoClient } from 'mongodb';

/** Clients that outlive the servers they talk to. */
export interface Clients extends AsyncDisposable {
  readonly all: readonly MongoClient[];
  /**
   * Whether the driver of a client has stopped looking for the server: a look that it began never ended. It happens when
   * a connection closes in the moment in which the driver writes to it, and the client is lost then, whatever the server
   * does.
   */
  lost(): boolean;
}

/** A look at the server ends in milliseconds, with an answer or an error. */
const LOST_AFTER_MS = 5000;

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
  const looking = new Map<MongoClient, number>();
  for (const client of all) {
    client.on('serverHeartbeatStarted', () => looking.set(client, performance.now()));
    client.on('serverHeartbeatSucceeded', () => looking.delete(client));
    client.on('serverHeartbeatFailed', () => looking.delete(client));
  }
  return {
    all,
    lost: () => [...looking.values()].some((since) => performance.now() - since > LOST_AFTER_MS),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((client) => client.close()));
    },
  };
}
