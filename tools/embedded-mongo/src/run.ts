import { createChangeHistory } from './changes/history.ts';
import { SET_NAME } from './commands/handshake.ts';
import type { Disk } from './journal/disk.ts';
import { openDataFolder, type DataFolder } from './journal/durability.ts';
import { createServer, type EmbeddedServer } from './server/create-server.ts';
import { folderError, portError } from './start-error.ts';
import { createCore } from './storage/core.ts';

/** A server that runs in this process. */
export interface RunningServer {
  readonly uri: string;
  /** Finishes what is being written, closes all connections and lets go of the data folder. */
  stop(): Promise<void>;
}

/**
 * Runs a server in this process. `dataDir` null keeps everything in memory.
 * @throws Error when the port or the data folder is taken or the data is damaged.
 */
export async function runServer(options: {
  port: number;
  dataDir: string | null;
  /** Size in bytes from which the journal is replaced by a snapshot. */
  compactAfter?: number;
  /** How much is kept for change streams, in bytes: documents before and after each change. */
  historyBytes?: number | undefined;
  /** In the place of the machine's own disk. */
  disk?: Disk;
  /** Called when the disk refuses a write; the process has to end, because nothing is durable any more. */
  onFailure: (error: Error) => void;
}): Promise<RunningServer> {
  const { port, dataDir, onFailure, historyBytes } = options;
  if (dataDir === null) {
    const history = createChangeHistory({ limitBytes: historyBytes });
    const server = await serve({ core: createCore({ history }), port });
    return { uri: uriOf(server), stop: () => server.close() };
  }
  const { compactAfter, disk } = options;
  const folder = await openDataFolder({
    dir: dataDir,
    onFailure,
    historyBytes,
    ...(compactAfter === undefined ? {} : { minCompactionBytes: compactAfter }),
    ...(disk === undefined ? {} : { disk }),
  }).catch((error: unknown) => {
    throw folderError(error, dataDir);
  });
  try {
    const server = await serveFolder(folder, port);
    return {
      uri: uriOf(server),
      async stop() {
        await server.close();
        await folder.close();
      },
    };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

const uriOf = (server: EmbeddedServer): string => `mongodb://127.0.0.1:${server.port}/?replicaSet=${SET_NAME}`;

function serve(options: Parameters<typeof createServer>[0]): Promise<EmbeddedServer> {
  return createServer(options).catch((error: unknown) => {
    throw portError(error, options.port);
  });
}

async function serveFolder(folder: DataFolder, port: number): Promise<EmbeddedServer> {
  const { store, cache, notes, lastRid, lastCid } = folder.recovered;
  const { history, durability } = folder;
  const core = createCore({ live: store, cache, history, durability, lastRid, lastCid });
  const server = await serve({ core, notes, port });
  folder.attach({ store: core.live, notes: () => server.context.sessions.notes(), ids: () => core.lastIds() });
  return server;
}
