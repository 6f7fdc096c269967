import { Router } from 'express';

/** What readiness asks, by name: each resolves when its service answers and rejects otherwise. */
export type ReadinessChecks = Record<string, () => Promise<unknown>>;

const CHECK_TIMEOUT_MS = 2_000;

/** Runs all checks at once, each for two seconds at most. */
export async function runChecks(checks: ReadinessChecks): Promise<{ ok: boolean; services: Record<string, string> }> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withTimeout(check());
        return [name, 'ok'] as const;
      } catch {
        return [name, 'unavailable'] as const;
      }
    }),
  );
  return { ok: outcomes.every(([, state]) => state === 'ok'), services: Object.fromEntries(outcomes) };
}

/**
 * `/health/live`: this process runs. `/health/ready`: it should get traffic, which it should not while it is stopping or
 * while a service it can't work without is away; the answer names which.
 */
export function createHealthRoutes(options: { checks: ReadinessChecks; isStopping: () => boolean }): Router {
  const routes = Router();
  routes.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  routes.get('/health/ready', async (_request, response) => {
    const { ok, services } = await runChecks(options.checks);
    const stopping = options.isStopping();
    const status = stopping ? 'stopping' : ok ? 'ok' : 'unavailable';
    response.status(ok && !stopping ? 200 : 503).json({ status, services });
  });
  return routes;
}

async function withTimeout(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time')), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
