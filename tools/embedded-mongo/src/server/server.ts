import { createServer, type Socket } from 'node:net';
import type { Command, ServerContext } from './context.ts';
import { createDispatcher } from './dispatch.ts';
import { abortTransactionsOf } from './lost-connections.ts';
import { serveConnection } from '../wire/connection.ts';

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
  let nextConnection = 1;

  const listener = createServer((socket) => {
    const connectionId = nextConnection++;
    const client = new AbortController();
    server.clients.set(connectionId, client.signal);
    sockets.add(socket);
    server.connections = sockets.size;
    serveConnection(socket, {
      handle: (request) => dispatch(request, connectionId),
      closed() {
        sockets.delete(socket);
        server.clients.delete(connectionId);
        client.abort();
        server.connections = sockets.size;
        abortTransactionsOf(server, connectionId);
        server.cursors.closeConnection(connectionId);
      },
    });
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port, options.host, 1024, resolve);
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
