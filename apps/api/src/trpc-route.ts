import type { IncomingMessage } from 'node:http';
import {
  MAX_BATCH_SIZE,
  retryAfterSecondsOf,
  sharedKeyRefusal,
  toTRPCError,
  type RequestContext,
} from '@cartwright/api-core';
import { TRPCError, type AnyTRPCRouter } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import type { NextFunction, Request, Response } from 'express';

const MAX_BODY_BYTES = 256 * 1024;
const METHODS = new Set(['GET', 'HEAD', 'POST']);
const JSON_BODY = /^application\/json\s*(;|$)/i;

export interface TrpcRouteOptions<R extends AnyTRPCRouter> {
  router: R;
  createContext: (request: IncomingMessage, refusal: RequestContext['refusal']) => RequestContext;
}

/** tRPC over HTTP: queries by GET, mutations by POST with a JSON body. */
export function createTrpcRoute<R extends AnyTRPCRouter>({ router, createContext }: TrpcRouteOptions<R>) {
  return createExpressMiddleware<R>({
    router,
    maxBodySize: MAX_BODY_BYTES,
    maxBatchSize: MAX_BATCH_SIZE,
    middleware: (request, _response, next) => next(bodyProblemOf(request)),
    createContext: ({ req, info }) => {
      try {
        return createContext(req, sharedKeyRefusal(info.calls.length, req.headers['idempotency-key']));
      } catch (error) {
        throw toTRPCError(error);
      }
    },
    responseMeta,
  });
}

/** The headers of an answer: when to come back after a refusal. */
export function responseMeta({ errors }: { errors: TRPCError[] }): { headers: Headers } {
  // Set here, too: the adapter writes a `Vary` of its own over what was there, and adds to it only this.
  const headers = new Headers({ vary: 'Origin' });
  const waits = errors.flatMap((error) => retryAfterSecondsOf(toTRPCError(error)) ?? []);
  if (waits.length > 0) headers.set('retry-after', String(Math.max(...waits)));
  return { headers };
}

/** What tells before a body is read that it won't be. */
function bodyProblemOf({ method, headers }: IncomingMessage): TRPCError | undefined {
  if (method !== 'POST') return undefined;
  if (!JSON_BODY.test(headers['content-type'] ?? '')) return new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  const tooLarge = Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES;
  return tooLarge ? new TRPCError({ code: 'PAYLOAD_TOO_LARGE' }) : undefined;
}

/** Answers 405 for methods that no procedure is called by. */
export function allowMethods(request: Request, response: Response, next: NextFunction): void {
  if (METHODS.has(request.method)) return next();
  response.setHeader('Allow', 'GET, HEAD, POST, OPTIONS');
  response.status(405).json({ error: 'Method not allowed' });
}
