import type { IncomingMessage } from 'node:http';
import type { RequestContext } from '@cartwright/api-core';
import type { AppRouter } from '@cartwright/app-router';
import type { Composition, Readiness } from '@cartwright/composition';
import type { Logger } from '@cartwright/platform-logger';
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { allowOrigins } from './cors.ts';
import { answerErrors } from './errors.ts';
import { createHealthRoutes } from './health.ts';
import { createMediaRoutes } from './media.ts';
import { createPersonalDataRoute } from './personal-data.ts';
import { createQueueBoardRoutes, type QueueBoardOptions } from './queue-board.ts';
import { requestIdOf } from './request-facts.ts';
import { createStripeWebhookRoute, type WebhookIntake } from './stripe-webhook.ts';
import { allowMethods, createTrpcRoute } from './trpc-route.ts';

const COMPRESS_FROM_BYTES = 4 * 1024;
const KEYS_CACHE_SECONDS = 300;

export interface HttpAppOptions extends QueueBoardOptions {
  router: AppRouter;
  createContext: (request: IncomingMessage, refusal: RequestContext['refusal']) => RequestContext;
  payments: WebhookIntake;
  readiness: () => Promise<Readiness>;
  metrics: () => Promise<{ contentType: string; body: string }>;
  publicKeys: Composition['publicKeys'];
  downloadPersonalData: Composition['downloadPersonalData'];
  addressOf: (request: IncomingMessage) => string;
  allowedOrigins: readonly string[];
  mediaDir?: string | undefined;
  isStopping: () => boolean;
  logger: Logger;
}

/** What tells browsers to be careful with any answer. */
export const secureHeaders = () => helmet({ crossOriginResourcePolicy: { policy: 'cross-origin' } });

/** The Express application: webhook (raw body first), health, metrics, keys, media and tRPC over HTTP. */
export function createHttpApp(options: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(nameRequests);
  app.use(secureHeaders());
  app.use(createStripeWebhookRoute(options.payments));
  app.use(createHealthRoutes(options));
  app.get('/metrics', async (_request, response) => {
    const { contentType, body } = await options.metrics();
    response.type(contentType).send(body);
  });
  app.get('/.well-known/jwks.json', (_request, response) => {
    response.setHeader('Cache-Control', `public, max-age=${KEYS_CACHE_SECONDS}`);
    response.json(options.publicKeys());
  });
  if (options.mediaDir !== undefined) app.use(createMediaRoutes(options.mediaDir));
  app.use(createPersonalDataRoute(options));
  app.use(createQueueBoardRoutes(options));
  app.use('/trpc', allowOrigins(options.allowedOrigins));
  app.use('/trpc', compression({ threshold: COMPRESS_FROM_BYTES }));
  app.use('/trpc', allowMethods, createTrpcRoute(options));
  app.use((_request, response) => {
    response.status(404).json({ error: 'Not found' });
  });
  app.use(answerErrors(options.logger));
  return app;
}

/** Gives each request an id, the caller's own when it is fit, and tells it: the same stands in errors and logs. */
function nameRequests(request: Request, response: Response, next: NextFunction): void {
  const requestId = requestIdOf(request);
  request.headers['x-request-id'] = requestId;
  response.setHeader('X-Request-Id', requestId);
  next();
}
