/**
 * Makes a mongod that was started with --replSet the primary of a set of one. The set remembers its own address; when
 * the port has changed since, it is told the new one.
 * @param port where it listens on 127.0.0.1
 * @returns the address of its database
 */
export async function initiateReplicaSet(port: number, database: string, timeoutMs = 30_000): Promise<string> {
  const { default: mongoose } = await import('mongoose');
  const host = `127.0.0.1:${port}`;
  const client = new mongoose.mongo.MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: timeoutMs,
  });
  try {
    const admin = client.db('admin');
    const members = [{ _id: 0, host }];
    try {
      await admin.command({ replSetInitiate: { _id: 'cartwright', members } });
    } catch (error) {
      // 23: initiated by an earlier start
      if ((error as { code?: unknown }).code !== 23) throw error;
      const { config } = await admin.command({ replSetGetConfig: 1 });
      if (config.members[0]?.host !== host) {
        const next = { ...config, version: Number(config.version) + 1, members: [{ ...config.members[0], host }] };
        await admin.command({ replSetReconfig: next, force: true });
      }
    }
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const hello = await admin.command({ hello: 1 });
      if (hello['isWritablePrimary'] === true) break;
      if (Date.now() > deadline) throw new Error(`The mongod at ${host} did not become primary.`);
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
    return `mongodb://${host}/${database}?replicaSet=cartwright`;
  } finally {
    await client.close();
  }
}
