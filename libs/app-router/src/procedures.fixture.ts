import {
  createCallLimit,
  createCallerFactory,
  createIdempotency,
  type Principal,
  type RequestContext,
} from '@cartwright/api-core';
import { collectingAudit, collectingLogger, memoryIdempotencyKeys } from '@cartwright/testkit';
import type { AnyTRPCProcedure } from '@trpc/server';
import { createAppRouter, type AppServices } from './app-router.ts';

const idempotency = createIdempotency({ keys: memoryIdempotencyKeys() });
const untouched = { consume: () => Promise.resolve(), refund: () => Promise.resolve() };
const limit = createCallLimit({ counts: 'calls', byUser: untouched, byNetwork: untouched });
const limits = { placing: limit, coupons: limit, searching: limit };
const appRouter = createAppRouter({ system: { version: '1.0.0' }, idempotency, limits } as AppServices);
const byPath = appRouter._def.procedures as object as Record<string, AnyTRPCProcedure>;
/** All there are. */
export const procedures = Object.entries(byPath).map(([path, { _def }]) => ({ path, type: _def.type }));

/** Calls a procedure without a service behind it: whoever is let through gets no further. */
export async function callWithoutServices(path: string, role: Principal['role'] | null, { steppedUp = true } = {}) {
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
