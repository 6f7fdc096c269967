import type { Readiness } from '@cartwright/composition';
import { Router } from 'express';

/**
 * `/health/live`: this process runs. `/health/ready`: it should get traffic, which it should not while it is stopping or
 * while a service it can't work without is away; the answer names which.
 */
export function createHealthRoutes(options: {
  readiness: () => Promise<Readiness>;
  isStopping: () => boolean;
}): Router {
  const routes = Router();
  routes.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  routes.get('/health/ready', async (_request, response) => {
    const { ok, services } = await options.readiness();
    const stopping = options.isStopping();
    const status = stopping ? 'stopping' : ok ? 'ok' : 'unavailable';
    response.status(ok && !stopping ? 200 : 503).json({ status, services });
  });
  return routes;
}
