import { describe, expect, it } from 'vitest';
import { ada, client } from './accounts.fixture.ts';
import { setUpAccounts } from './mailed-accounts.fixture.ts';

const { password } = ada;
const FORTNIGHT_MS = 14 * 86_400_000;
const home = { name: 'Ada', line1: '12 Analytical Row', city: 'Portland', postalCode: '97201', country: 'US' };

describe('removing an account', () => {
  it('needs the password, and signs out every device', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    const wrong = app.identity.removal.remove(caller.principal, { password: 'wrong one' }, client);
    await expect(wrong).rejects.toThrow('INVALID_CREDENTIALS');
    expect(await app.accounts.me(caller.principal)).not.toHaveProperty('removalDueAt');
    const { dueAt } = await app.identity.removal.remove(caller.principal, { password }, client);
    expect(dueAt.getTime()).toBe(app.clock().getTime() + FORTNIGHT_MS);
    await expect(app.auth.authenticate(caller.accessToken)).rejects.toThrow('SESSION_REVOKED');
  });

  it('deletes everything after two weeks, and tells the other features', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    await app.identity.addresses.create(caller.user.id, { address: home, defaultFor: [] });
    await app.identity.removal.remove(caller.principal, { password }, client);
    app.clock.advance(FORTNIGHT_MS - 1);
    await app.identity.removal.removeAllDue();
    const late = await app.signIn();
    app.clock.advance(1);
    await app.identity.removal.removeAllDue();
    await expect(app.auth.authenticate(late.accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(app.auth.login(ada, client)).rejects.toThrow('INVALID_CREDENTIALS');
    for (const name of ['users', 'address_books', 'account_tokens', 'data_exports']) {
      expect(await app.mongo.connection.collection(name).countDocuments()).toBe(0);
    }
    expect(await app.eventTypes()).toContain('user.removed');
    expect((await app.mailsTo(ada.email)).at(-1)?.template).toBe('account.removed');
    await app.identity.removal.removeAllDue();
    await app.signUp();
  });

  it('leaves no session also when the process died right after the removal', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    await app.identity.removal.remove(caller.principal, { password }, client);
    const late = await app.signIn();
    const session = await app.sessions.load(late.principal.sessionId);
    if (!session) throw new Error('There is no session');
    app.clock.advance(FORTNIGHT_MS);
    await app.identity.removal.removeAllDue();
    // As if it were still there: what the event does is looked at alone.
    const endsAt = new Date(app.clock().getTime() + 60_000);
    await app.sessions.create({ ...session, endsAt }, { sessionId: session.id, secret: 'x'.repeat(43) });
    expect(await app.sessions.load(session.id)).toMatchObject({ userId: caller.user.id });
    await app.settle();
    expect(await app.sessions.load(session.id)).toBeNull();
  });

  it('is taken back by signing in and saying so', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    await app.identity.removal.remove(caller.principal, { password }, client);
    const { principal } = await app.signIn();
    expect(await app.accounts.me(principal)).toHaveProperty('removalDueAt');
    await app.identity.removal.cancelRemoval({}, { ...client, principal });
    app.clock.advance(FORTNIGHT_MS);
    await app.identity.removal.removeAllDue();
    expect(await app.accounts.me(principal)).not.toHaveProperty('removalDueAt');
    const token = await app.tokenIn('account.removal-asked');
    const again = app.identity.removal.cancelRemoval({ token }, { ...client, principal: null });
    await expect(again).rejects.toThrow('TOKEN_INVALID');
  });

  it('is taken back by the mailed link, once, and by nobody without either', async () => {
    await using app = await setUpAccounts();
    const { principal, user } = await app.signUp();
    await app.identity.removal.remove(principal, { password }, client);
    const token = await app.tokenIn('account.removal-asked');
    const nobody = app.identity.removal.cancelRemoval({}, { ...client, principal: null });
    await expect(nobody).rejects.toThrow('UNAUTHENTICATED');
    await app.identity.removal.cancelRemoval({ token }, { ...client, principal: null });
    app.clock.advance(FORTNIGHT_MS);
    await app.identity.removal.removeAllDue();
    expect(await app.accounts.byId(user.id)).toMatchObject({ email: ada.email });
  });

  it('is refused to the last administrator', async () => {
    await using app = await setUpAccounts();
    await app.accounts.createAdmin(ada);
    const { principal } = await app.signIn();
    await expect(app.identity.removal.remove(principal, { password }, client)).rejects.toThrow('LAST_ADMIN');
    await app.accounts.createAdmin({ ...ada, email: 'bob@shop.test' });
    await app.identity.removal.remove(principal, { password }, client);
    const bob = await app.signIn({ ...ada, email: 'bob@shop.test' });
    await app.identity.removal.remove(bob.principal, { password }, client).catch(() => undefined);
    app.clock.advance(FORTNIGHT_MS);
    await app.identity.removal.removeAllDue();
    expect(await app.mongo.connection.collection('users').countDocuments({ role: 'admin' })).toBe(1);
  });
});
