import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers a worker's liveness, readiness and metrics over HTTP. */
export async function startHealthServer(options: {
  host: string;
  port: number;
  checks: Record<string, () => Promise<unknown>>;
  metrics: { contentType: string; read: () => Promise<string> };
}): Promise<HealthServer> {
  const { host, port, checks, metrics } = options;

  async function readiness(): Promise<{ ok: boolean; services: Record<string, string> }> {
    const states = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const up = await check().then(
          () => true,
          () => false,
        );
        return [name, up ? 'ok' : 'unavailable'] as const;
      }),
    );
    return { ok: states.every(([, state]) => state === 'ok'), services: Object.fromEntries(states) };
  }

  const server = createServer((request, response) => {
    const answer = (status: number, contentType: string, body: string): void => {
      response.writeHead(status, { 'content-type': contentType }).end(body);
    };
    const route = async (): Promise<void> => {
      if (request.url === '/health/live') return answer(200, 'application/json', '{"status":"ok"}');
      if (request.url === '/metrics') return answer(200, metrics.contentType, await metrics.read());
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
