import { createServer, type Socket } from 'node:net';
import type { Command, ServerContext } from './context.ts';
import { createDispatcher } from './dispatch.ts';
import type { Request } from '../wire/messages.ts';
import { abortTransactionsOf } from './lost-connections.ts';
import { serveConnection, TRANSFER_TIMEOUT_MS } from '../wire/connection.ts';
import { createMessageBudget } from '../wire/message-budget.ts';

export interface ListeningServer {
  readonly port: number;
  /** Stops accepting, closes all connections. */
  close(): Promise<void>;
}

/** Accepts connections on the loopback interface and answers their commands. Port 0 takes a free one. */
export async function listen(
  server: ServerContext,
  commands: ReadonlyMap<string, Command>,
  options: { host: string; port: number },
): Promise<ListeningServer> {
  const dispatch = createDispatcher(server, commands);
  const sockets = new Set<Socket>();
  const transfers = { budget: createMessageBudget(), transferTimeoutMs: TRANSFER_TIMEOUT_MS };
  let nextConnection = 1;

  const listener = createServer((socket) => {
    const connectionId = nextConnection++;
    const client = new AbortController();
    server.clients.set(connectionId, { closed: client.signal, address: addressOf(socket), appName: null });
    server.pools.open(connectionId);
    sockets.add(socket);
    server.connections = sockets.size;
    const handler = {
      async handle(request: Request) {
        server.pools.begin(connectionId);
        const outcome = await dispatch(request, connectionId);
        server.pools.end(connectionId);
        return outcome;
      },
      closed(): void {
        sockets.delete(socket);
        server.clients.delete(connectionId);
        server.pools.close(connectionId);
        client.abort();
        server.connections = sockets.size;
        abortTransactionsOf(server, connectionId);
        server.cursors.closeConnection(connectionId);
      },
    };
    serveConnection(socket, handler, transfers);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port, options.host, 1024, resolve);
  });
  // A connection that can't be accepted, as when no more files can be opened, is no reason to stop serving the others.
  listener.removeAllListeners('error').on('error', (error) => {
    process.stderr.write(`a connection was not accepted: ${error.message}\n`);
  });
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  server.address = `${options.host}:${port}`;

  return {
    port,
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      // Reset, not ended: the official driver may write to a socket in the moment it learns of its end, and then waits
      // for ever to be allowed to go on. A reset makes that write fail.
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
}

const addressOf = (socket: Socket): string => `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
