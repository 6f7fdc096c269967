import { readFileSync } from 'node:fs';
import { createCallerFactory, type Principal, type RequestContext } from '@cartwright/api-core';
import { collectingAudit, collectingLogger } from '@cartwright/testkit';
import type { AnyTRPCProcedure } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { createAppRouter, type AppServices } from './app-router.ts';

const reference = readFileSync(new URL('../../../docs/guides/api.md', import.meta.url), 'utf8');

/** A row of the reference: path, † for a key, kind, who. */
const ROW = /^\| `([\w.]+)`( †)? +\| (query|mutation|subscription) +\| ([^|]+?) +\|/gm;

const documented = [...reference.matchAll(ROW)].map(([, path = '', key, kind = '', who = '']) => ({
  path,
  kind,
  needsKey: key !== undefined,
  who: who.replaceAll('`', ''),
}));

const ROLES = ['customer', 'staff', 'admin'] as const;
type Role = (typeof ROLES)[number];

/** Which roles hold a permission. */
const HOLDERS = /^\| `(\w+\.\w+)` +\| ((?:staff|admin)[a-z, ]*?) +\|$/gm;
const holders = new Map([...reference.matchAll(HOLDERS)].map(([, name = '', roles = '']) => [name, roles.split(', ')]));

/** Routers look at services when they are called, but for the facts of the shop. */
const appRouter = createAppRouter({ system: { version: '1.0.0' } } as AppServices);
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

/** Whether a procedure's input has room for an idempotency key. */
const takesKey = (inputs: unknown): boolean =>
  Array.isArray(inputs) && inputs.some((schema: { shape?: object }) => 'idempotencyKey' in (schema.shape ?? {}));

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

  it('marks what takes an idempotency key', () => {
    const marked = documented.filter(({ needsKey }) => needsKey).map(({ path }) => path);
    const taking = procedures.filter((procedure) => 'inputs' in procedure && takesKey(procedure.inputs));
    expect(marked.sort()).toEqual(taking.map(({ path }) => path).sort());
  });
});
