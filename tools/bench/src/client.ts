import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Call {
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: string;
}

/** A lean HTTP client over connections that stay open; lean because it shares the machine with what it measures. */
export function createClient(origin: string, connections: number) {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });

  const call = ({ path, method = 'GET', headers = {}, body }: Call): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent =
        body === undefined
          ? headers
          : { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = request({ hostname, port, path, method, headers: sent, agent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () =>
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  return { call, close: () => agent.destroy() };
}

export type Client = ReturnType<typeof createClient>;

/** The path of a tRPC query. */
export const queryPath = (procedure: string, input: unknown): string =>
  `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;

/** Path and body of a tRPC mutation. */
export const mutation = (procedure: string, input: unknown): Required<Pick<Call, 'path' | 'method' | 'body'>> => ({
  path: `/trpc/${procedure}`,
  method: 'POST',
  body: JSON.stringify({ json: input }),
});

/** The result of a tRPC answer. Throws with the answer when it is an error. */
export function resultOf<T>({ status, body }: Answer): T {
  if (status !== 200) throw new Error(`HTTP ${status}: ${body.slice(0, 500)}`);
  return (JSON.parse(body) as { result: { data: { json: T } } }).result.data.json;
}

/** Addresses of callers, each from a network of its own. */
export function createAddresses() {
  let next = 0;
  return (): string => {
    next += 1;
    return `10.${(next >> 16) & 255}.${(next >> 8) & 255}.${next & 255}`;
  };
}
