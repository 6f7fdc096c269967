import { createCommands } from '../commands/registry.ts';
import { createCursorRegistry } from '../sessions/cursors.ts';
import { createSessionRegistry } from '../sessions/sessions.ts';
import type { Core } from '../storage/core.ts';
import type { SessionNote } from '../storage/session-note.ts';
import type { ServerContext } from './context.ts';
import { createDriverPools } from './driver-pools.ts';
import { createFailpoints } from './failpoints.ts';
import { startHousekeeping } from './housekeeping.ts';
import { listen } from './server.ts';

export interface EmbeddedServer {
  readonly port: number;
  readonly context: ServerContext;
  /** Closes connections and background work; the data is the caller's to close. */
  close(): Promise<void>;
}

/** Starts a server over the given data, on the loopback interface. */
export async function createServer(options: {
  core: Core;
  notes?: readonly SessionNote[];
  host?: string;
  port: number;
}): Promise<EmbeddedServer> {
  const now = Date.now;
  const context: ServerContext = {
    core: options.core,
    sessions: createSessionRegistry({ now, restored: options.notes ?? [] }),
    cursors: createCursorRegistry(now),
    failpoints: createFailpoints(),
    clock: options.core.history.clock,
    startedAt: now(),
    now,
    address: '',
    connections: 0,
    ttlMonitorEnabled: true,
    clients: new Map(),
    pools: createDriverPools(),
    counters: new Map(),
  };
  const listening = await listen(context, createCommands(), { host: options.host ?? '127.0.0.1', port: options.port });
  const housekeeping = startHousekeeping(context);
  return {
    port: listening.port,
    context,
    async close() {
      housekeeping.stop();
      await listening.close();
    },
  };
}
