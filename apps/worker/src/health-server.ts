import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readiness } from '@cartwright/composition';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers a worker's liveness, readiness and metrics over HTTP. */
export async function startHealthServer(options: {
  host: string;
  port: number;
  readiness: () => Promise<Readiness>;
  metrics: () => Promise<{ contentType: string; body: string }>;
}): Promise<HealthServer> {
  const { host, port, readiness, metrics } = options;

  const server = createServer((request, response) => {
    const answer = (status: number, contentType: string, body: string): void => {
      response.writeHead(status, { 'content-type': contentType }).end(body);
    };
    const route = async (): Promise<void> => {
      if (request.url === '/health/live') return answer(200, 'application/json', '{"status":"ok"}');
      if (request.url === '/metrics') {
        const { contentType, body } = await metrics();
        return answer(200, contentType, body);
      }
      if (request.url !== '/health/ready') return answer(404, 'application/json', '{"error":"Not found"}');
      const { ok, services } = await readiness();
      const status = ok ? 'ok' : 'unavailable';
      answer(ok ? 200 : 503, 'application/json', JSON.stringify({ status, services }));
    };
    route().catch(() => answer(500, 'application/json', '{"error":"Internal error"}'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;

  return {
    url: `http://${host}:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
