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
/** The same of texts that nobody types, which some procedures rightly take. */
const STRANGE_TEXTS: Readonly<Record<string, string>> = {
  'a NUL': JSON.stringify('\u0000'),
  'a NUL within': JSON.stringify('a\u0000b'),
  'half a character': JSON.stringify('\ud800'),
  'the other direction': JSON.stringify('\u202e\u0000x'),
};

let shop: TestShop;
let customer: string;
let admin: string;
let turn = 0;
beforeAll(async () => {
  shop = await createTestShop({ workers: 0, env: { LOG_LEVEL: 'silent' } });
  [customer, admin] = await Promise.all([tokenOf('customer'), tokenOf('admin')]);
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

function inEachField(values: typeof VALUES): Attack[] {
  return procedures().flatMap(({ path, fields }) =>
    (fields.length === 0 ? [] : Object.entries(values)).map(([name, value]) => {
      const json = fields.map((field) => `${JSON.stringify(field)}:${value}`).join();
      return { path, name: `${name} in each field`, body: `{"json":{${json}}}` };
    }),
  );
}

/** What takes one text and need not be told more is reached by it alone. */
function inOneField(values: typeof VALUES): Attack[] {
  return procedures().flatMap(({ path, fields }) =>
    fields.flatMap((field) =>
      Object.entries(values).map(([name, value]) => {
        return { path, name: `${name} in ${field}`, body: `{"json":{${JSON.stringify(field)}:${value}}}` };
      }),
    ),
  );
}

function attacks(): Attack[] {
  const whole = procedures().flatMap(({ path }) =>
    Object.entries(BODIES).map(([name, body]) => ({ path, name, body })),
  );
  return [...whole, ...inEachField(VALUES)];
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

interface Answered extends Attack {
  readonly status: number;
  readonly reason: string | undefined;
}

/** Whether it says who was wrong, and why: not the shop. */
const isRefused = ({ status, reason }: Answered): boolean =>
  status >= 400 && status < 500 && reason !== undefined && reason !== 'INTERNAL';

/** Sends them all, some at a time, as somebody who may call what they are sent to. */
async function sendAll(all: readonly Attack[], seen: (answer: Answered) => void): Promise<void> {
  const left = all.values();
  const lane = async (): Promise<void> => {
    for (const attack of left) {
      turn += 1;
      const headers = {
        authorization: `Bearer ${attack.path.startsWith('admin.') ? admin : customer}`,
        // Each from another network: none is turned away for coming too often.
        'x-forwarded-for': `10.0.${turn >> 8}.${turn & 255}`,
      };
      const { status, error } = await postRaw(`${shop.apis[0]?.url ?? ''}/trpc/${attack.path}`, attack.body, headers);
      seen({ ...attack, status, reason: error?.reason });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

describe('a body that no procedure takes', () => {
  it('is refused by each of them, with a reason', async () => {
    const all = attacks();
    expect(all.length).toBeGreaterThan(1_000);
    const wrong: string[] = [];
    const read = new Set<string>();
    await sendAll(all, (answer) => {
      const { path, name, status, reason } = answer;
      if (!isRefused(answer)) wrong.push(`${path} answered ${name} with ${status} ${reason}`);
      // What is wrong for every procedure is refused before one is looked at; this is not.
      if (name === 'text' && reason === 'INVALID_INPUT') read.add(path);
    });
    expect(wrong).toEqual([]);
    expect(procedures().flatMap(({ path }) => (read.has(path) ? [] : [path]))).toEqual([]);
  }, 180_000);
});

describe('texts that nobody types', () => {
  it('are taken or refused with a reason, and are nobody’s failure', async () => {
    const wrong: string[] = [];
    const taken: string[] = [];
    const refused: string[] = [];
    await sendAll([...inEachField(STRANGE_TEXTS), ...inOneField(STRANGE_TEXTS)], (answer) => {
      const { path, name, status, reason } = answer;
      if (status === 200) taken.push(path);
      else if (isRefused(answer)) refused.push(path);
      else wrong.push(`${path} answered ${name} with ${status} ${reason}`);
    });
    expect(wrong).toEqual([]);
    expect(refused.length).toBeGreaterThan(300);
    // They reach those who take texts, too.
    expect(taken).toEqual(expect.arrayContaining(['account.update', 'cart.removeItem', 'admin.orders.exportCsv']));
  }, 180_000);
});
