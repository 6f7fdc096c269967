import { createTestShop, signedIn, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import type { AnyTRPCProcedure } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postRaw } from './raw-http.ts';

/** So many calls are under way at once. */
const LANES = 8;
const DEPTH = 2_000;

/** Inputs that no procedure takes, as they stand in the body. */
const BODIES: Readonly<Record<string, string>> = {
  'an operator': '{"json":{"$ne":null}}',
  'code for the database': '{"json":{"$where":"sleep(1000)"}}',
  'a prototype': '{"json":{"__proto__":{"admin":true}}}',
  'a constructor': '{"json":{"constructor":{"prototype":{"admin":true}}}}',
  'a path to the prototype': '{"json":{},"meta":{"values":{"__proto__.admin":["undefined"]}}}',
  'a class': '{"json":{},"meta":{"values":[["class","Error"]]}}',
  'a symbol': '{"json":"x","meta":{"values":[["symbol","x"]]}}',
  depth: `{"json":${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}}`,
  'depth of lists': `{"json":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`,
  text: '{"json":"x"}',
  'a number beyond all': '{"json":1e999}',
};
/** What stands in each of a procedure's fields at once. */
const VALUES: Readonly<Record<string, string>> = {
  operators: '{"$ne":null}',
  'huge numbers': '1e308',
  depth: `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
  'long texts': JSON.stringify('x'.repeat(10_000)),
};

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({ workers: 0, env: { LOG_LEVEL: 'silent' } });
});
afterAll(() => shop[Symbol.asyncDispose]());

/** Procedures that read their input, with the names of its fields. */
function procedures(): { path: string; fields: string[] }[] {
  const byPath = shop.inside.router._def.procedures as object as Record<string, AnyTRPCProcedure>;
  return Object.entries(byPath).flatMap(([path, { _def }]) => {
    const { type, inputs } = _def as unknown as { type: string; inputs: { shape?: object }[] };
    // Sockets alone subscribe.
    if (type === 'subscription' || inputs.length === 0) return [];
    return [{ path, fields: inputs.flatMap(({ shape = {} }) => Object.keys(shape)) }];
  });
}

interface Attack {
  readonly path: string;
  readonly name: string;
  readonly body: string;
}

function attacks(): Attack[] {
  return procedures().flatMap(({ path, fields }) => [
    ...Object.entries(BODIES).map(([name, body]) => ({ path, name, body })),
    ...(fields.length === 0 ? [] : Object.entries(VALUES)).map(([name, value]) => {
      const json = fields.map((field) => `${JSON.stringify(field)}:${value}`).join();
      return { path, name: `${name} in each field`, body: `{"json":{${json}}}` };
    }),
  ]);
}

/** A session that may do what its role may, also what asks anew who it is. */
async function tokenOf(role: 'customer' | 'admin'): Promise<string> {
  const account = { email: `${role}@example.test`, password: TEST_PASSWORD };
  const { accounts } = shop.inside.services;
  await (role === 'admin' ? accounts.createAdmin : accounts.createCustomer)({ ...account, name: 'Eve' });
  const { api } = shop.client();
  const { accessToken } = signedIn(await api.auth.login.mutate(account));
  await api.auth.stepUp.mutate({ password: TEST_PASSWORD });
  return accessToken;
}

describe('a body that no procedure takes', () => {
  it('is refused by each of them, with a reason', async () => {
    const [customer, admin] = await Promise.all([tokenOf('customer'), tokenOf('admin')]);
    const all = attacks();
    expect(all.length).toBeGreaterThan(1_000);
    const wrong: string[] = [];
    const read = new Set<string>();
    let turn = 0;
    const left = all.values();
    const lane = async (): Promise<void> => {
      for (const { path, name, body } of left) {
        turn += 1;
        const headers = {
          authorization: `Bearer ${path.startsWith('admin.') ? admin : customer}`,
          // Each from another network: none is turned away for coming too often.
          'x-forwarded-for': `10.0.${turn >> 8}.${turn & 255}`,
        };
        const { status, error } = await postRaw(`${shop.apis[0]?.url ?? ''}/trpc/${path}`, body, headers);
        const isRefused = status >= 400 && status < 500 && error?.reason !== undefined;
        if (!isRefused) wrong.push(`${path} answered ${name} with ${status} ${error?.reason}`);
        // What is wrong for every procedure is refused before one is looked at; this is not.
        if (name === 'text' && error?.reason === 'INVALID_INPUT') read.add(path);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    expect(wrong).toEqual([]);
    expect(procedures().flatMap(({ path }) => (read.has(path) ? [] : [path]))).toEqual([]);
  }, 180_000);
});
