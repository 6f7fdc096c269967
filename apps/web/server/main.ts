import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readServerConfig } from './server-config.ts';
import { createWebHost } from './web-host.ts';

/** How long open requests may take to finish after SIGTERM. */
const DRAIN_MS = 3_000;

function main(): void {
  const config = readServerConfig(process.env);
  const distDir = fileURLToPath(new URL('../dist', import.meta.url));
  const server = createServer(createWebHost({ distDir, ...config }));

  server.on('error', (error) => {
    console.error(`The web host can't listen on ${config.host}:${config.port}: ${error.message}`);
    process.exitCode = 1;
  });
  server.listen(config.port, config.host, () => {
    const { address, family, port } = server.address() as AddressInfo;
    console.log(`ready http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
  });

  const stop = () => {
    server.close();
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
