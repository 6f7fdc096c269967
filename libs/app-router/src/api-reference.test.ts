import { readFileSync } from 'node:fs';
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

const reference = readFileSync(new URL('../../../docs/guides/api.md', import.meta.url), 'utf8');

/** A row of the reference: path, † for a key that is needed, ‡ for one that is taken, kind, who. */
const ROW = /^\| `([\w.]+)`(?: ([†‡]))? +\| (query|mutation|subscription) +\| ([^|]+?) +\|/gm;

const documented = [...reference.matchAll(ROW)].map(([, path = '', key, kind = '', who = '']) => ({
  path,
  kind,
  key,
  who: who.replaceAll('`', ''),
}));

const ROLES = ['customer', 'staff', 'admin'] as const;
type Role = (typeof ROLES)[number];

/** Which roles hold a permission. */
const HOLDERS = /^\| `(\w+\.\w+)` +\| ((?:staff|admin)[a-z, ]*?) +\|$/gm;
const holders = new Map([...reference.matchAll(HOLDERS)].map(([, name = '', roles = '']) => [name, roles.split(', ')]));

/** Routers look at services when they are called, but for the facts of the shop. */
const idempotency = createIdempotency({ keys: memoryIdempotencyKeys() });
const untouched = { consume: () => Promise.resolve(), refund: () => Promise.resolve() };
const limit = createCallLimit({ counts: 'calls', byUser: untouched, byNetwork: untouched });
const limits = { placing: limit, coupons: limit, searching: limit };
const appRouter = createAppRouter({ system: { version: '1.0.0' }, idempotency, limits } as AppServices);
/** By their whole paths; the type says how they are nested. */
const byPath = appRouter._def.procedures as object as Record<string, AnyTRPCProcedure>;
const procedures = Object.entries(byPath).map(([path, { _def }]) => ({ path, ..._def }));

/** Why a caller is not even looked at; INPUT or INTERNAL once it is, since there is neither input nor a service. */
async function refusalOf(path: string, role: Role | null): Promise<string> {
  const principal: Principal | null = role && {
    userId: 'u',
    sessionId: 's',
    role,
    emailVerified: true,
    stepUpUntil: null,
  };
  const ctx: RequestContext = {
    requestId: 'r',
    ip: '127.0.0.1',
    userAgent: '',
    transport: 'ws',
    authenticate: () => Promise.resolve(principal),
    audit: collectingAudit(),
    logger: collectingLogger().logger,
  };
  let procedure: unknown = createCallerFactory(appRouter)(ctx);
  for (const name of path.split('.')) procedure = (procedure as Record<string, unknown>)[name];
  try {
    await (procedure as (input: unknown) => Promise<unknown>)({});
    return 'answered';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The sign of what a procedure does with an idempotency key. */
function signOf({ _def }: AnyTRPCProcedure): '†' | '‡' | undefined {
  const { inputs, middlewares } = _def as object as { inputs: { shape?: object }[]; middlewares: unknown[] };
  const uses = (kind: keyof typeof idempotency) => middlewares.includes(idempotency[kind]._middlewares[0]);
  const takes = inputs.some(({ shape }) => shape !== undefined && 'idempotencyKey' in shape);
  const isKeyed = uses('required') || uses('recorded') || uses('optional');
  if (takes !== isKeyed) throw new Error('The input and its middleware belong together');
  if (!takes) return undefined;
  return uses('required') ? '†' : '‡';
}

describe('the API reference', () => {
  it('names every procedure with its kind, once, and none that is not there', () => {
    const linesOf = (rows: readonly { path: string; kind?: string; type?: string }[]): string[] =>
      rows.map(({ path, kind, type }) => `${path} (${kind ?? type})`).sort();
    expect(procedures.length).toBeGreaterThan(0);
    expect(linesOf(documented)).toEqual(linesOf(procedures));
  });

  it('says who may call', async () => {
    for (const { path, who } of documented) {
      const permitted = holders.get(who);
      if (permitted === undefined) expect(['anybody', 'guest', 'user']).toContain(who);
      const closed = who === 'user' || permitted !== undefined;
      expect(`${path}: ${(await refusalOf(path, null)) === 'UNAUTHENTICATED'}`).toBe(`${path}: ${closed}`);
      for (const role of ROLES) {
        const refused = permitted !== undefined && !permitted.includes(role);
        const answer = await refusalOf(path, role);
        expect(`${path} by ${role}: ${answer === 'FORBIDDEN'}`).toBe(`${path} by ${role}: ${refused}`);
      }
    }
  });

  it('marks what needs an idempotency key, and what takes one', () => {
    const signs = (rows: (readonly [string, string | undefined])[]) =>
      Object.fromEntries(rows.filter(([, sign]) => sign));
    const there = signs(Object.entries(byPath).map(([path, procedure]) => [path, signOf(procedure)]));
    expect(signs(documented.map(({ path, key }) => [path, key]))).toEqual(there);
    // What answers with secrets takes none: nothing of it may be kept.
    const secret = /^(auth\.|account\.twoFactor\.|uploads\.presign$)/;
    expect(Object.keys(there).filter((path) => secret.test(path))).toEqual([]);
  });
});
