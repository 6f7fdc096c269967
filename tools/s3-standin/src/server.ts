import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHandler, type HandlerOptions } from './handler.ts';

/** Listens; answers where, and how to end. */
export async function listen({ host, port, ...options }: HandlerOptions & { host: string; port: number }) {
  const server = createServer(createHandler(options));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    async close(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
