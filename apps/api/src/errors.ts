import { retryAfterSecondsOf, toTRPCError } from '@cartwright/api-core';
import type { Logger } from '@cartwright/platform-logger';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { NextFunction, Request, Response } from 'express';
import { requestIdOf } from './request-facts.ts';

const INTERNAL = 500;
const TEXTS: Readonly<Record<number, string>> = {
  404: 'Not found',
  429: 'Too many requests',
  503: 'Please try again in a moment',
};

/**
 * Errors outside of tRPC: those of Express have a status of their own (a body too large), others get the one that tRPC
 * would answer, with `Retry-After` where it asks to come back. Never their text.
 */
export function answerErrors(logger: Pick<Logger, 'error'>) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) return next(error);
    const { status, retryAfter } = answerTo(error);
    if (status === INTERNAL) logger.error({ err: error, requestId: requestIdOf(request) }, 'request failed');
    if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
    response.status(status).json({ error: TEXTS[status] ?? (status >= INTERNAL ? 'Internal error' : 'Bad request') });
  };
}

function answerTo(error: unknown): { status: number; retryAfter?: number | undefined } {
  if (typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number') {
    return { status: error.status };
  }
  const mapped = toTRPCError(error);
  return { status: getHTTPStatusCodeFromError(mapped), retryAfter: retryAfterSecondsOf(mapped) };
}
