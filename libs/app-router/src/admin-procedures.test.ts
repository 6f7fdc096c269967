import {
  createCallLimit,
  createCallerFactory,
  createIdempotency,
  type Principal,
  type RequestContext,
} from '@cartwright/api-core';
import { collectingAudit, collectingLogger, memoryIdempotencyKeys } from '@cartwright/testkit';
import type { AnyTRPCProcedure } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { createAppRouter, type AppServices } from './app-router.ts';

/** What administrators read that tells nothing of people. */
const IMPERSONAL = [
  'admin.coupons.list',
  'admin.analytics.overview',
  'admin.analytics.revenue',
  'admin.analytics.topSelling',
  'admin.jobs.queues',
  // Mail addresses are blurred there.
  'admin.jobs.deadLetters',
];

const idempotency = createIdempotency({ keys: memoryIdempotencyKeys() });
const untouched = { consume: () => Promise.resolve(), refund: () => Promise.resolve() };
const limit = createCallLimit({ counts: 'calls', byUser: untouched, byNetwork: untouched });
const limits = { placing: limit, coupons: limit };
const appRouter = createAppRouter({ system: { version: '1.0.0' }, idempotency, limits } as AppServices);
const byPath = appRouter._def.procedures as object as Record<string, AnyTRPCProcedure>;
const procedures = Object.entries(byPath)
  .filter(([path]) => path.startsWith('admin.'))
  .map(([path, { _def }]) => ({ path, type: _def.type }));

/** Calls a procedure without a service behind it: whoever is let through gets no further. */
async function call(path: string, role: Principal['role'] | null, { steppedUp = true } = {}) {
  const audit = collectingAudit();
  const stepUpUntil = steppedUp ? new Date(Date.now() + 60_000) : null;
  const principal = role && { userId: 'u', sessionId: 's', role, emailVerified: true, stepUpUntil };
  const ctx: RequestContext = {
    ...{ requestId: 'r', ip: '127.0.0.1', userAgent: '', transport: 'ws' },
    authenticate: () => Promise.resolve(principal),
    audit,
    logger: collectingLogger().logger,
  };
  let procedure: unknown = createCallerFactory(appRouter)(ctx);
  for (const name of path.split('.')) procedure = (procedure as Record<string, unknown>)[name];
  const failure: unknown = await (procedure as (input: unknown) => Promise<unknown>)({}).catch(
    (error: unknown) => error,
  );
  return { refusal: failure instanceof Error ? failure.message : undefined, recorded: audit.entries };
}

describe('every procedure for administrators', () => {
  it.each(procedures)('$path is closed to guests and customers, and open to administrators', async ({ path }) => {
    expect((await call(path, null)).refusal).toBe('UNAUTHENTICATED');
    const { refusal, recorded } = await call(path, 'customer');
    expect(refusal).toBe('FORBIDDEN');
    expect(recorded).toEqual([]);
    expect((await call(path, 'admin')).refusal).not.toBe('FORBIDDEN');
  });

  it.each(procedures.filter(({ type }) => type === 'mutation'))('$path is recorded', async ({ path }) => {
    const { recorded } = await call(path, 'admin');
    expect(recorded.map(({ action, actor }) => [action, actor.id])).toEqual([[path, 'u']]);
  });

  it.each(procedures.filter(({ type }) => type === 'query'))(
    '$path is recorded when it tells of people',
    async ({ path }) => {
      const { recorded } = await call(path, 'admin');
      expect(recorded.map(({ action }) => action)).toEqual(IMPERSONAL.includes(path) ? [] : [path]);
    },
  );

  it.each(procedures.filter(({ path, type }) => path.startsWith('admin.users.') && type === 'mutation'))(
    '$path needs a step-up, and its lack is recorded',
    async ({ path }) => {
      const { refusal, recorded } = await call(path, 'admin', { steppedUp: false });
      expect(refusal).toBe('STEP_UP_REQUIRED');
      expect(recorded).toMatchObject([{ action: path, outcome: 'refused', details: { reason: 'STEP_UP_REQUIRED' } }]);
    },
  );
});
