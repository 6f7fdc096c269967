import { describe, expect, it } from 'vitest';
import { ada, client } from './accounts.fixture.ts';
import { setUpAccounts, type MailedAccounts } from './mailed-accounts.fixture.ts';

const newPassword = 'another battery';

const askForReset = async (app: MailedAccounts): Promise<string> => {
  await app.auth.requestPasswordReset(ada.email, client);
  await app.settle();
  return app.tokenIn('account.reset');
};

describe('changing the password', () => {
  it('signs out every other device, and tells of it by mail', async () => {
    await using app = await setUpAccounts();
    const [here, there] = [await app.signUp(), await app.signIn()];
    await app.auth.changePassword(here.principal, { currentPassword: ada.password, newPassword }, client);
    expect(await app.auth.authenticate(here.accessToken)).toMatchObject({ userId: here.user.id });
    await expect(app.auth.authenticate(there.accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(app.auth.login(ada, client)).rejects.toThrow('INVALID_CREDENTIALS');
    await app.signIn({ ...ada, password: newPassword });
    expect((await app.mailsTo(ada.email)).map(({ template }) => template)).toContain('account.password-changed');
  });

  it('signs out devices also whose instance has a clock that is ahead, and forgets a change of address', async () => {
    await using app = await setUpAccounts();
    const here = await app.signUp();
    await app.identity.emailChange.changeEmail(here.principal, 'thief@shop.test', client);
    app.clock.advance(5_000);
    const ahead = await app.signIn();
    app.clock.advance(-5_000);
    await app.auth.changePassword(here.principal, { currentPassword: ada.password, newPassword }, client);
    await expect(app.auth.authenticate(ahead.accessToken)).rejects.toThrow('SESSION_REVOKED');
    expect(await app.accounts.me(here.principal)).not.toHaveProperty('pendingEmail');
    const token = await app.tokenIn('account.email-change', 'thief@shop.test');
    await expect(app.identity.emailChange.confirmEmailChange(token, client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('changes nothing with a wrong password, and lets nobody guess it', async () => {
    await using app = await setUpAccounts();
    const { principal } = await app.signUp();
    const guesses = Array.from({ length: 15 }, (_, n) =>
      app.auth.changePassword(principal, { currentPassword: `guess number ${n}`, newPassword }, client),
    );
    const reasons = (await Promise.allSettled(guesses)).map((guess) =>
      guess.status === 'rejected' ? (guess.reason as { reason: string }).reason : 'changed',
    );
    expect(reasons.filter((reason) => reason === 'INVALID_CREDENTIALS')).toHaveLength(10);
    expect(reasons.filter((reason) => reason === 'RATE_LIMITED')).toHaveLength(5);
    await app.signIn();
  });

  it('ends sessions also when the process died right after the change', async () => {
    await using app = await setUpAccounts();
    const [here, there] = [await app.signUp(), await app.signIn()];
    await app.auth.changePassword(here.principal, { currentPassword: ada.password, newPassword }, client);
    // As if the session were still there: what the event does is looked at alone.
    const revived = await app.signIn({ ...ada, password: newPassword });
    await app.cache.redis.client.hset(app.cache.redis.key('session', revived.principal.sessionId), {
      createdAt: String(app.clock().getTime() - 1),
    });
    await app.settle();
    await expect(app.auth.authenticate(revived.accessToken)).rejects.toThrow('SESSION_REVOKED');
    expect(await app.auth.authenticate(here.accessToken)).toMatchObject({ userId: there.user.id });
  });
});

describe('resetting the password by mail', () => {
  it('sets a new one once, verifies the address, and signs out every device', async () => {
    await using app = await setUpAccounts();
    const { accessToken, refreshToken } = await app.signUp();
    const token = await askForReset(app);
    await app.auth.resetPassword({ token, newPassword }, client);
    await expect(app.auth.authenticate(accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(app.auth.refresh(refreshToken, client)).rejects.toThrow('REFRESH_TOKEN_INVALID');
    await expect(app.auth.login(ada, client)).rejects.toThrow('INVALID_CREDENTIALS');
    expect((await app.signIn({ ...ada, password: newPassword })).user).toMatchObject({ emailVerified: true });
    await expect(app.auth.resetPassword({ token, newPassword }, client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('sends mail to accounts alone, having done the same for every address until then', async () => {
    await using app = await setUpAccounts();
    await app.signUp();
    await app.settle();
    const work = async (email: string) => {
      const before = await app.eventTypes();
      await app.auth.requestPasswordReset(email, client);
      const requests = await app.mongo.connection.collection('mail_requests').countDocuments({ email });
      return { events: (await app.eventTypes()).slice(before.length), requests };
    };
    expect(await work(ada.email)).toEqual({ events: ['account.mail-requested'], requests: 1 });
    expect(await work('nobody@shop.test')).toEqual({ events: ['account.mail-requested'], requests: 1 });
    await app.settle();
    expect(await app.mongo.connection.collection('mail_requests').countDocuments()).toBe(0);
    expect(await app.mailsTo('nobody@shop.test')).toEqual([]);
    expect((await app.mailsTo(ada.email)).map(({ template }) => template)).toContain('account.reset');
  });

  it('is over after an hour, and takes every other link along', async () => {
    await using app = await setUpAccounts();
    await app.signUp();
    const [first, second] = [await askForReset(app), await askForReset(app)];
    await app.auth.resetPassword({ token: second, newPassword }, client);
    await expect(app.auth.resetPassword({ token: first, newPassword }, client)).rejects.toThrow('TOKEN_INVALID');
    const late = await askForReset(app);
    app.clock.advance(3_600_000);
    await expect(app.auth.resetPassword({ token: late, newPassword }, client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('happens once, however many use the link at once', async () => {
    await using app = await setUpAccounts();
    await app.signUp();
    const token = await askForReset(app);
    const tries = Array.from({ length: 5 }, (_, n) =>
      app.auth.resetPassword({ token, newPassword: `${newPassword} ${n}` }, client),
    );
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('the mails', () => {
  it('write neither names nor anything that the one who asked has chosen', async () => {
    await using app = await setUpAccounts();
    await app.signUp({ ...ada, name: 'You have won, see evil.test' });
    const [mail] = await app.mailsTo(ada.email);
    expect(mail?.text).not.toContain('evil.test');
  });
});

describe('the audit log', () => {
  it('hears of sign-ins, failed ones for unknown addresses too, and of new passwords', async () => {
    await using app = await setUpAccounts();
    const { principal } = await app.signUp();
    await expect(app.auth.login({ ...ada, password: 'wrong one' }, client)).rejects.toThrow('INVALID_CREDENTIALS');
    const unknown = { email: 'nobody@shop.test', password: 'wrong one' };
    await expect(app.auth.login(unknown, client)).rejects.toThrow('INVALID_CREDENTIALS');
    await app.auth.changePassword(principal, { currentPassword: ada.password, newPassword }, client);
    await app.auth.resetPassword({ token: await askForReset(app), newPassword }, client);
    const facts = app.audit.entries.map(({ action, outcome }) => `${action} ${outcome}`);
    expect(facts).toEqual([
      'registered ok',
      'login.succeeded ok',
      'login.failed refused',
      'login.failed refused',
      'password.changed ok',
      'password.reset ok',
    ]);
    expect(JSON.stringify(app.audit.entries)).not.toContain('@shop.test');
  });
});
