import type { IncomingMessage, ServerResponse } from 'node:http';
import { S3Error } from './s3-error.ts';

/** The bucket's CORS rule: which origins may read and write from a browser; `*` stands for all. */
export function createCors(origins: readonly string[]) {
  const allowed = (origin: string | undefined): origin is string =>
    origin !== undefined && (origins.includes('*') || origins.includes(origin));

  return {
    /** Lets the page of an allowed origin read this answer. */
    mark(request: IncomingMessage, response: ServerResponse): void {
      const { origin } = request.headers;
      response.setHeader('vary', 'Origin');
      if (!allowed(origin)) return;
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', 'ETag');
    },

    /** Answers a browser that asks before it sends. */
    preflight(request: IncomingMessage, response: ServerResponse): void {
      if (!allowed(request.headers.origin)) {
        throw new S3Error('AccessForbidden', 'CORSResponse: This CORS request is not allowed.');
      }
      response.writeHead(200, {
        'access-control-allow-methods': 'GET, HEAD, PUT',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
        'access-control-max-age': '3000',
      });
      response.end();
    },
  };
}

export type Cors = ReturnType<typeof createCors>;
