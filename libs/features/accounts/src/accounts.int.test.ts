import type { Principal } from '@cartwright/api-core';
import { describe, expect, it } from 'vitest';
import { ada, client, guessCount, openAccounts as open, signedIn } from './accounts.fixture.ts';

const PASSWORDS = guessCount(60);
const GUESSING_MS = 30_000 + PASSWORDS * 5;

describe('registering', () => {
  it('signs in at once and writes the event with the user', async () => {
    await using app = await open();
    const result = await app.auth.register(ada, { ...client, deviceName: 'phone', cartToken: 'cart-1' });
    expect(result).toMatchObject({
      status: 'ok',
      cartMerged: true,
      user: { email: ada.email, name: 'Ada', role: 'customer', emailVerified: false },
    });
    expect(app.merged).toEqual([['cart-1', result.user.id]]);
    const principal = await app.auth.authenticate(result.accessToken);
    expect(principal).toEqual({
      userId: result.user.id,
      sessionId: result.sessionId,
      role: 'customer',
      emailVerified: false,
      stepUpUntil: new Date(app.clock().getTime() + 600_000),
    });
    expect(await app.accounts.me(principal)).toEqual(result.user);
    const events = await app.db.mongo.connection.collection('outbox').find().toArray();
    expect(events).toMatchObject([{ type: 'user.registered', aggregateId: result.user.id, status: 'pending' }]);
    expect(JSON.stringify(events)).not.toContain(ada.email);
  });

  it('tells a taken address, also in a race', async () => {
    await using app = await open();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => app.auth.register(ada, client)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ reason: 'EMAIL_TAKEN' });
    }
    await expect(app.auth.register({ ...ada, email: 'ADA@shop.test' }, client)).rejects.toThrow('EMAIL_TAKEN');
  });

  it('is limited by network', async () => {
    await using app = await open({ limits: { registerPerNetwork: { points: 1, seconds: 60 } } });
    await app.auth.register(ada, { ...client, ip: '2001:db8::1' });
    const again = { ...ada, email: 'bob@shop.test' };
    await expect(app.auth.register(again, { ...client, ip: '2001:db8::2' })).rejects.toThrow('RATE_LIMITED');
    await app.auth.register(again, client);
  });

  it('does not fail with the cart', async () => {
    await using app = await open({ merge: () => Promise.reject(new Error('no')) });
    expect(await app.auth.register(ada, { ...client, cartToken: 'c' })).toMatchObject({ cartMerged: false });
  });
});

describe('logging in', () => {
  it('answers alike for a wrong password and an unknown address', async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const failures = await Promise.allSettled([
      app.auth.login({ email: ada.email, password: 'wrong' }, client),
      app.auth.login({ email: 'bob@shop.test', password: 'wrong' }, client),
    ]);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        status: 'rejected',
        reason: { reason: 'INVALID_CREDENTIALS', details: undefined },
      });
    }
    const { accessToken } = await signedIn(app.auth.login({ email: 'Ada@Shop.test', password: ada.password }, client));
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ role: 'customer' });
  });

  it('evaluates ten guesses of many, and lets the owner in from elsewhere', { timeout: GUESSING_MS }, async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const guesses = Array.from({ length: PASSWORDS }, (_, n) =>
      app.auth.login({ email: ada.email, password: `guess ${n}` }, { ...client, ip: '198.51.100.9' }),
    );
    const reasons = (await Promise.allSettled(guesses)).map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as { reason: string }).reason : 'in',
    );
    expect(reasons.filter((reason) => reason === 'INVALID_CREDENTIALS')).toHaveLength(10);
    expect(reasons.filter((reason) => reason === 'RATE_LIMITED')).toHaveLength(PASSWORDS - 10);
    await expect(app.auth.login(ada, { ...client, ip: '198.51.100.9' })).rejects.toThrow('RATE_LIMITED');
    expect(await app.auth.login(ada, client)).toMatchObject({ status: 'ok' });
  });
});

describe('limits of logging in', () => {
  it('count failures alone', async () => {
    const strict = { points: 2, seconds: 60 };
    await using app = await open({ limits: { loginPerAccount: strict, loginPerNetwork: strict } });
    await app.auth.register(ada, client);
    for (let time = 0; time < 5; time += 1) await app.auth.login(ada, client);
    const wrong = { ...ada, password: 'wrong' };
    await expect(app.auth.login(wrong, client)).rejects.toThrow('INVALID_CREDENTIALS');
    await expect(app.auth.login(wrong, client)).rejects.toThrow('INVALID_CREDENTIALS');
    await expect(app.auth.login(ada, client)).rejects.toThrow('RATE_LIMITED');
  });
});

describe('guesses from many networks', () => {
  it('leave the owner a way in from where they were before', async () => {
    await using app = await open({ limits: { loginPerAccount: { points: 3, seconds: 60 } } });
    await app.auth.register(ada, client);
    await app.auth.login(ada, client);
    const wrong = { ...ada, password: 'wrong' };
    const guesses = Array.from({ length: 6 }, (_, n) => app.auth.login(wrong, { ...client, ip: `198.51.100.${n}` }));
    const reasons = (await Promise.allSettled(guesses)).map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as { reason: string }).reason : 'in',
    );
    expect(reasons.filter((reason) => reason === 'INVALID_CREDENTIALS')).toHaveLength(3);
    expect(reasons.filter((reason) => reason === 'RATE_LIMITED')).toHaveLength(3);
    await expect(app.auth.login(ada, { ...client, ip: '198.51.100.9' })).rejects.toThrow('RATE_LIMITED');
    for (let time = 0; time < 5; time += 1) expect(await app.auth.login(ada, client)).toMatchObject({ status: 'ok' });
  });
});

describe('sessions', () => {
  const signIn = async (
    app: Awaited<ReturnType<typeof open>>,
  ): Promise<Principal & { refreshToken: string; accessToken: string }> => {
    const { accessToken, refreshToken } = await signedIn(app.auth.login(ada, client));
    return { ...(await app.auth.authenticate(accessToken)), accessToken, refreshToken };
  };

  it('end for their access tokens at once', async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const [here, there] = [await signIn(app), await signIn(app)];
    await app.auth.logout(here);
    await expect(app.auth.authenticate(here.accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(app.auth.refresh(here.refreshToken, client)).rejects.toThrow('REFRESH_TOKEN_INVALID');
    expect(await app.auth.authenticate(there.accessToken)).toMatchObject({ sessionId: there.sessionId });
    await app.auth.logoutAll(there, client);
    await expect(app.auth.authenticate(there.accessToken)).rejects.toThrow('SESSION_REVOKED');
  });

  it('tell an expired or forged token from an ended session', async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const session = await signIn(app);
    await expect(app.auth.authenticate('nonsense')).rejects.toThrow('UNAUTHENTICATED');
    app.clock.advance(601_000);
    await expect(app.auth.authenticate(session.accessToken)).rejects.toThrow('UNAUTHENTICATED');
    const { accessToken } = await app.auth.refresh(session.refreshToken, client);
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ sessionId: session.sessionId });
  });

  it('survive a race of refreshes, and end by reuse', async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const session = await signIn(app);
    const results = await Promise.all(Array.from({ length: 30 }, () => app.auth.refresh(session.refreshToken, client)));
    const successors = new Set(results.map(({ refreshToken }) => refreshToken));
    expect(successors.size).toBe(1);
    const [successor = ''] = successors;
    const next = await app.auth.refresh(successor, client);
    await expect(app.auth.refresh(session.refreshToken, client)).rejects.toThrow('REFRESH_TOKEN_REUSED');
    await expect(app.auth.refresh(next.refreshToken, client)).rejects.toThrow('REFRESH_TOKEN_INVALID');
    await expect(app.auth.authenticate(next.accessToken)).rejects.toThrow('SESSION_REVOKED');
  });

  it('do not end by an invented token', async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const session = await signIn(app);
    const invented = session.refreshToken.replace(/\.[^.]+\./, `.${'x'.repeat(43)}.`);
    await expect(app.auth.refresh(invented, client)).rejects.toThrow('REFRESH_TOKEN_INVALID');
    await expect(app.auth.refresh(session.accessToken, client)).rejects.toThrow('REFRESH_TOKEN_INVALID');
    expect(await app.auth.authenticate(session.accessToken)).toMatchObject({ userId: session.userId });
  });

  it('are listed and revoked by their user alone', async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const [here, there] = [await signIn(app), await signIn(app)];
    await app.auth.register({ ...ada, email: 'bob@shop.test' }, client);
    const bob = await signedIn(app.auth.login({ ...ada, email: 'bob@shop.test' }, client));
    await expect(app.auth.revokeSession(here, bob.sessionId, client)).rejects.toThrow('NOT_FOUND');
    await app.auth.revokeSession(here, there.sessionId, client);
    await expect(app.auth.authenticate(there.accessToken)).rejects.toThrow('SESSION_REVOKED');
    const list = await app.auth.listSessions(here);
    expect(list.filter(({ current }) => current).map(({ id }) => id)).toEqual([here.sessionId]);
    expect(list.map(({ id }) => id)).not.toContain(there.sessionId);
  });

  it('end all but the one that asks', async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const [here, there] = [await signIn(app), await signIn(app)];
    await app.auth.revokeOtherSessions(here, client);
    await expect(app.auth.authenticate(there.accessToken)).rejects.toThrow('SESSION_REVOKED');
    expect((await app.auth.listSessions(here)).map(({ id }) => id)).toEqual([here.sessionId]);
    expect(app.audit.entries.filter(({ action }) => action === 'session.revoked')).toMatchObject([
      { actor: { kind: 'user', id: here.userId }, target: { kind: 'session', id: 'others' }, outcome: 'ok' },
    ]);
  });

  it('are remembered for a moment by a process that hears of their end, and end at once all the same', async () => {
    await using app = await open();
    const other = app.instance();
    const ended: string[] = [];
    const watch = await other.watchSessions({ onEnded: (id) => ended.push(id), onGap: () => undefined });
    await app.auth.register(ada, client);
    const session = await signIn(app);
    for (let count = 0; count < 3; count += 1) {
      expect(await other.auth.authenticate(session.accessToken)).toMatchObject({ userId: session.userId });
    }
    await app.auth.logout(session);
    await expect.poll(() => ended).toEqual([session.sessionId]);
    await expect(other.auth.authenticate(session.accessToken)).rejects.toThrow('SESSION_REVOKED');
    watch.close();
  });
});

describe('a step-up', () => {
  it('asks for the password, and holds for ten minutes', async () => {
    await using app = await open();
    const { accessToken } = await app.auth.register(ada, client);
    app.clock.advance(300_000);
    const principal = await app.auth.authenticate(accessToken);
    await expect(app.auth.stepUp(principal, { password: 'wrong horse' }, client)).rejects.toThrow(
      'INVALID_CREDENTIALS',
    );
    const { stepUpUntil } = await app.auth.stepUp(principal, { password: ada.password }, client);
    expect(stepUpUntil).toEqual(new Date(app.clock().getTime() + 600_000));
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ stepUpUntil });
  });

  it('is no way to try passwords', async () => {
    await using app = await open({ limits: { loginPerAccountAndNetwork: { points: 2, seconds: 60 } } });
    const { accessToken } = await app.auth.register(ada, client);
    const principal = await app.auth.authenticate(accessToken);
    for (let count = 0; count < 2; count += 1) {
      await expect(app.auth.stepUp(principal, { password: 'wrong horse' }, client)).rejects.toThrow(
        'INVALID_CREDENTIALS',
      );
    }
    await expect(app.auth.stepUp(principal, { password: ada.password }, client)).rejects.toThrow('RATE_LIMITED');
  });
});

describe('accounts from the command line', () => {
  it('are made, and raised to admin at once', async () => {
    await using app = await open();
    const { accessToken, user } = await app.auth.register(ada, client);
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ role: 'customer' });
    expect(await app.accounts.createAdmin(ada)).toMatchObject({ id: user.id, role: 'admin', emailVerified: true });
    await app.accounts.createAdmin(ada);
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ role: 'admin', emailVerified: true });
    await app.auth.login(ada, client);
    const demo = await app.accounts.createCustomer({ email: 'bob@shop.test', password: 'demo password', name: 'Bob' });
    expect(await app.accounts.byId(demo.id)).toMatchObject({ role: 'customer', name: 'Bob' });
    expect((await app.accounts.byEmails(['BOB@shop.test'])).get('bob@shop.test')?.id).toBe(demo.id);
    expect(await app.accounts.byIds([demo.id, user.id, 'nobody'])).toHaveLength(2);
    expect(await app.accounts.byId('nobody')).toBeNull();
  });

  it('do not raise whoever took the address before: with another password all sessions end', async () => {
    await using app = await open();
    const squatter = await app.auth.register(ada, client);
    const admin = { ...ada, password: 'another horse' };
    await app.accounts.createAdmin(admin);
    await expect(app.auth.authenticate(squatter.accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(app.auth.refresh(squatter.refreshToken, client)).rejects.toThrow('REFRESH_TOKEN_INVALID');
    const { accessToken } = await signedIn(app.auth.login(admin, client));
    await app.accounts.createAdmin(admin);
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ role: 'admin' });
  });

  it('are made with their entry in the audit log, or not at all', async () => {
    await using app = await open();
    await app.auth.register(ada, client);
    const append = app.audit.append;
    app.audit.append = async (entry) => {
      if (entry.action === 'admin.created') throw new Error('away');
      await append(entry);
    };
    const boss = { ...ada, email: 'boss@shop.test' };
    for (const account of [ada, boss]) await expect(app.accounts.createAdmin(account)).rejects.toThrow('away');
    const known = await app.accounts.byEmails([ada.email, boss.email]);
    expect([...known.values()].map(({ role }) => role)).toEqual(['customer']);
    app.audit.append = append;
    const { id } = await app.accounts.createAdmin(boss);
    const entry = { action: 'admin.created', actor: { kind: 'system' }, target: { kind: 'user', id }, outcome: 'ok' };
    expect(app.audit.entries).toContainEqual(entry);
  });

  it('leave nothing of whoever took the address before: no address to confirm, no removal to come', async () => {
    await using app = await open();
    const { accessToken, user } = await app.auth.register(ada, client);
    const squatter = await app.auth.authenticate(accessToken);
    await app.identity.emailChange.changeEmail(squatter, 'squatter@shop.test', client);
    await app.identity.removal.remove(squatter, { password: ada.password }, client);
    expect(await app.accounts.byId(user.id)).toMatchObject({ pendingEmail: 'squatter@shop.test' });
    const made = await app.accounts.createAdmin({ ...ada, password: 'another horse' });
    expect(made).not.toHaveProperty('pendingEmail');
    expect(await app.accounts.byId(user.id)).toEqual(made);
    expect(made).not.toHaveProperty('removalDueAt');
  });
});

describe('signing in while the account changes', () => {
  it('takes over the role that it got meanwhile', async () => {
    let change = async (): Promise<void> => undefined;
    await using app = await open({ whileVerifying: () => change() });
    await app.accounts.createAdmin(ada);
    change = async () => {
      change = async () => undefined;
      await app.accounts.createCustomer(ada);
    };
    const { accessToken, user } = await signedIn(app.auth.login(ada, client));
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ role: 'customer' });
    expect(user.role).toBe('customer');
  });

  it('fails when the password is another one by now', async () => {
    let change = async (): Promise<void> => undefined;
    await using app = await open({ whileVerifying: () => change() });
    await app.auth.register(ada, client);
    change = async () => {
      change = async () => undefined;
      await app.accounts.createAdmin({ ...ada, password: 'another horse' });
    };
    await expect(app.auth.login(ada, client)).rejects.toThrow('INVALID_CREDENTIALS');
  });
});

describe('names of devices', () => {
  it('may be any text', async () => {
    await using app = await open();
    const { accessToken } = await app.auth.register(ada, { ...client, deviceName: 'phone \ud800' });
    const [session] = await app.auth.listSessions(await app.auth.authenticate(accessToken));
    expect(session?.deviceName).toMatch(/^phone /);
  });
});
