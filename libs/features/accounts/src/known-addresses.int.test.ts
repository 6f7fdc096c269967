import { afterEach, describe, expect, it, vi } from 'vitest';
import { ada, client, openAccounts, type OpenAccounts } from './accounts.fixture.ts';

/** What each password was compared with, by the cost that its hash tells: what decides how long that takes. */
const compared = vi.hoisted((): string[] => []);
vi.mock('@node-rs/argon2', async (importOriginal) => {
  const original = await importOriginal<typeof import('@node-rs/argon2')>();
  const verify: typeof original.verify = (hashed, password, options, signal) => {
    compared.push(String(hashed).split('$').slice(1, 4).join(' '));
    return original.verify(hashed, password, options, signal);
  };
  return { ...original, verify };
});
afterEach(() => void compared.splice(0));

const nobody = 'nobody@shop.test';
const invited = 'invited@shop.test';

/** Accounts of several kinds: whoever has none must not be told from any of them. */
async function openWithAccounts() {
  const app = await openAccounts();
  await app.auth.register(ada, client);
  await app.accounts.createCustomer({ ...ada, email: 'bob@shop.test' });
  await app.db.mongo.connection
    .collection('users')
    .updateOne({ emailKey: 'bob@shop.test' }, { $set: { email: invited, emailKey: invited, passwordHash: '' } });
  return app;
}

/** The work of a call: passwords compared, records read and written, commands of Redis, and what it answers. */
async function workOf(app: OpenAccounts, call: () => Promise<unknown>) {
  const records: string[] = [];
  const { connection } = app.db.mongo;
  connection.set('debug', (collection: string, operation: string) => void records.push(`${collection}.${operation}`));
  const redis = vi.spyOn(app.cache.redis.client, 'sendCommand');
  const noted = app.audit.entries.length;
  compared.splice(0);
  const [answer] = await Promise.allSettled([call()]);
  const commands = redis.mock.calls.map(([{ name }]) => name);
  redis.mockRestore();
  connection.set('debug', false);
  return {
    answer: answer.status === 'fulfilled' ? answer.value : (answer.reason as { reason: string }).reason,
    ...{ compared: [...compared], records, commands, noted: app.audit.entries.length - noted },
  };
}

let networks = 0;
/** From where nobody has called before: no limit has been touched. */
const elsewhere = () => {
  networks += 1;
  return { ip: `198.51.100.${networks}`, userAgent: 'test' };
};

describe('an address that has an account', () => {
  it.each([
    ['signs in with a password', ada.email],
    ['was invited and has no password yet', invited],
  ])('takes a login as much work as one that has none: it %s', async (_, email) => {
    await using app = await openWithAccounts();
    const guess = (address: string) => () => app.auth.login({ email: address, password: 'a wild guess' }, elsewhere());
    // The first of a process makes the hash that unknown addresses are compared with.
    await workOf(app, guess(nobody));
    const unknown = await workOf(app, guess('somebody@shop.test'));
    expect(await workOf(app, guess(email))).toEqual(unknown);
    expect(unknown).toMatchObject({ answer: 'INVALID_CREDENTIALS', noted: 1 });
    expect(unknown.compared).toEqual(['argon2id v=19 m=19456,t=2,p=1']);
    expect(unknown.records).toContain('users.findOne');
    expect(unknown.commands.length).toBeGreaterThan(0);
  });

  it.each([
    ['a link for a new password', 'requestPasswordReset'],
    ['another mail to verify it', 'resendVerification'],
  ] as const)('takes asking for %s as much work as one that has none', async (_, call) => {
    await using app = await openWithAccounts();
    const ask = (email: string) => () =>
      call === 'requestPasswordReset'
        ? app.auth.requestPasswordReset(email, elsewhere())
        : app.auth.resendVerification({ email }, { ...elsewhere(), principal: null });
    await workOf(app, ask(nobody));
    const unknown = await workOf(app, ask('somebody@shop.test'));
    expect(await workOf(app, ask(ada.email))).toEqual(unknown);
    expect(unknown).toMatchObject({ answer: undefined, compared: [] });
    expect(unknown.records).not.toContain('users.findOne');
    expect(unknown.records.length).toBeGreaterThan(0);
  });

  it('is told by registration alone, which costs its caller a try from that network', async () => {
    await using app = await openAccounts({ limits: { registerPerNetwork: { points: 3, seconds: 60 } } });
    await app.auth.register(ada, client);
    const probe = () => app.auth.register({ ...ada, password: 'a wild guess' }, client);
    const outcomes: string[] = [];
    for (let count = 0; count < 4; count += 1) outcomes.push(String((await workOf(app, probe)).answer));
    expect(outcomes).toEqual(['EMAIL_TAKEN', 'EMAIL_TAKEN', 'RATE_LIMITED', 'RATE_LIMITED']);
  });
});

it('the hash of a password costs what those of unknown addresses cost', async () => {
  await using app = await openWithAccounts();
  const user = await app.db.mongo.connection.collection('users').findOne({ email: ada.email });
  expect(String(user?.['passwordHash'])).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});
