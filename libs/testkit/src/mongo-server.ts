export type MongoServer = AsyncDisposable & { uri: string; pid: number; stop(): Promise<void> };

/** Starts a private embedded MongoDB server that keeps nothing on disk. Ends with this process. */
export const startMongoServer = async (): Promise<MongoServer> => {
  // Loaded only when a server is needed: most users of the kit bring their own or have none.
  const { startEmbeddedMongo } = await import('@cartwright/tool-embedded-mongo');
  const server = await startEmbeddedMongo({ memory: true });
  const stop = async (): Promise<void> => {
    await server.stop();
  };
  return { uri: server.uri, pid: server.pid, stop, [Symbol.asyncDispose]: stop };
};
