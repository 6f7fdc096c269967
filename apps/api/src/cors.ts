import type { NextFunction, Request, Response } from 'express';

const PREFLIGHT_SECONDS = 600;
const ALLOWED_HEADERS =
  'authorization, content-type, x-cart-token, x-order-token, idempotency-key, x-request-id, trpc-accept';

/** What lets a storefront read an answer; nothing for an origin that isn't allowed to: its browsers keep the answer. */
export function createOriginHeaders(origins: readonly string[]) {
  const allowed = new Set(origins);
  return (origin: string | undefined): Readonly<Record<string, string>> =>
    origin !== undefined && allowed.has(origin)
      ? { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'retry-after, x-request-id' }
      : {};
}

/** CORS for the storefronts that are allowed to call. */
export function allowOrigins(origins: readonly string[]) {
  const headersFor = createOriginHeaders(origins);
  return (request: Request, response: Response, next: NextFunction): void => {
    response.vary('Origin');
    for (const [name, value] of Object.entries(headersFor(request.headers.origin))) response.setHeader(name, value);
    if (request.method !== 'OPTIONS') return next();
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
    response.setHeader('Access-Control-Allow-Headers', ALLOWED_HEADERS);
    response.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS);
    response.status(204).end();
  };
}
