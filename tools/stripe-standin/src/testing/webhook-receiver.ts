import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  body: string;
  signature: string;
}

/** A shop's webhook route for tests: keeps what arrives and answers with the given status. */
export async function startWebhookReceiver(options: { port?: number } = {}) {
  const received: ReceivedWebhook[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const header = request.headers['stripe-signature'];
      if (status === 200) {
        received.push({
          body: Buffer.concat(chunks).toString('utf8'),
          signature: typeof header === 'string' ? header : '',
        });
      }
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    port,
    received,
    types: (): string[] => received.map(({ body }) => (JSON.parse(body) as { type: string }).type),
    answerWith(next: number): void {
      status = next;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
