import { SET_NAME } from './commands/handshake.ts';
import { createServer } from './server/create-server.ts';
import { createCore } from './storage/core.ts';

/** Runs a server in this process. `dataDir` null keeps everything in memory. */
export async function runServer({ port, dataDir }: { port: number; dataDir: string | null }): Promise<{ uri: string; stop(): Promise<void> }> {
  if (dataDir !== null) process.stderr.write('journal to come\n');
  const server = await createServer({ core: createCore(), port });
  return {
    uri: `mongodb://127.0.0.1:${server.port}/?replicaSet=${SET_NAME}`,
    stop: () => server.close(),
  };
}
