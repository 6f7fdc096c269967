import { describe, expect, it } from 'vitest';
import { ada, client } from './accounts.fixture.ts';
import { setUpAccounts, type MailedAccounts } from './mailed-accounts.fixture.ts';

const newEmail = 'lovelace@shop.test';
const newPassword = 'another battery';

/** Somebody whose address is verified. */
const verified = async (app: MailedAccounts) => {
  const caller = await app.signUp();
  await app.auth.verifyEmail(await app.tokenIn('account.verify'), client);
  return caller;
};

const change = async (app: MailedAccounts, caller: Awaited<ReturnType<typeof verified>>): Promise<void> => {
  const { emailChange } = app.identity;
  await emailChange.changeEmail(caller.principal, newEmail, client);
  await emailChange.confirmEmailChange(await app.tokenIn('account.email-change', newEmail), client);
};

describe('changing the address', () => {
  it('waits for the new one to be confirmed', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    await app.identity.emailChange.changeEmail(caller.principal, newEmail, client);
    expect(await app.accounts.me(caller.principal)).toMatchObject({ email: ada.email, pendingEmail: newEmail });
    await app.signIn();
    const token = await app.tokenIn('account.email-change', newEmail);
    await app.identity.emailChange.confirmEmailChange(token, client);
    const me = await app.accounts.me(caller.principal);
    expect(me).toMatchObject({ email: newEmail, emailVerified: true });
    expect(me).not.toHaveProperty('pendingEmail');
    await expect(app.signIn()).rejects.toThrow('INVALID_CREDENTIALS');
    await app.signIn({ ...ada, email: newEmail });
    await expect(app.identity.emailChange.confirmEmailChange(token, client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('takes nobody else’s address, also when it was taken since', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    await app.signUp({ ...ada, email: 'bob@shop.test' });
    const { emailChange } = app.identity;
    await expect(emailChange.changeEmail(caller.principal, 'Bob@shop.test', client)).rejects.toThrow('EMAIL_TAKEN');
    await emailChange.changeEmail(caller.principal, newEmail, client);
    await app.signUp({ ...ada, email: newEmail });
    const token = await app.tokenIn('account.email-change', newEmail);
    await expect(emailChange.confirmEmailChange(token, client)).rejects.toThrow('EMAIL_TAKEN');
    expect(await app.accounts.me(caller.principal)).toMatchObject({ email: ada.email });
  });

  it('is good for the last address asked for alone', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    const { emailChange } = app.identity;
    await emailChange.changeEmail(caller.principal, 'typo@shop.test', client);
    await emailChange.changeEmail(caller.principal, newEmail, client);
    const token = await app.tokenIn('account.email-change', 'typo@shop.test');
    await expect(emailChange.confirmEmailChange(token, client)).rejects.toThrow('TOKEN_INVALID');
  });
});

describe('undoing it from the old address', () => {
  it('gives the account back, ends all sessions, and asks for a new password', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    await change(app, caller);
    const thief = await app.signIn({ ...ada, email: newEmail });
    await app.identity.emailChange.undoEmailChange(await app.tokenIn('account.email-undo'), client);
    await expect(app.auth.authenticate(thief.accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(app.auth.login(ada, client)).rejects.toThrow('INVALID_CREDENTIALS');
    await expect(app.auth.login({ ...ada, email: newEmail }, client)).rejects.toThrow('INVALID_CREDENTIALS');
    await expect(app.auth.login({ ...ada, password: '' }, client)).rejects.toThrow('INVALID_CREDENTIALS');
    await app.auth.resetPassword({ token: await app.tokenIn('account.reset'), newPassword }, client);
    expect((await app.signIn({ ...ada, password: newPassword })).user).toMatchObject({ email: ada.email });
  });

  it('works for seven days', async () => {
    await using app = await setUpAccounts();
    await change(app, await verified(app));
    const token = await app.tokenIn('account.email-undo');
    app.clock.advance(7 * 86_400_000 - 1);
    await app.identity.emailChange.undoEmailChange(token, client);
    await expect(app.identity.emailChange.undoEmailChange(token, client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('keeps the address for its former owner so long', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    await change(app, caller);
    await expect(app.signUp()).rejects.toThrow('EMAIL_TAKEN');
    await app.identity.emailChange.changeEmail(caller.principal, ada.email, client);
    app.clock.advance(7 * 86_400_000);
    await app.signUp();
  });

  it('is offered to no address that was never verified: it may be a stranger’s', async () => {
    await using app = await setUpAccounts();
    await change(app, await app.signUp());
    expect((await app.mailsTo(ada.email)).map(({ template }) => template)).toEqual(['account.verify']);
  });

  it('is no way into an operator’s account', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    await change(app, caller);
    const boss = await app.accounts.createAdmin({ ...ada, email: 'boss@shop.test' });
    const token = await app.tokenIn('account.email-undo');
    await app.people.setRole(boss.id, { userId: caller.user.id, role: 'staff' });
    await expect(app.identity.emailChange.undoEmailChange(token, client)).rejects.toThrow('TOKEN_INVALID');
    expect(await app.accounts.byId(caller.user.id)).toMatchObject({ email: newEmail, role: 'staff' });
  });

  it('is no way into the account that an administrator was made of', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    await change(app, caller);
    const token = await app.tokenIn('account.email-undo');
    await app.accounts.createAdmin({ ...ada, email: newEmail });
    await expect(app.identity.emailChange.undoEmailChange(token, client)).rejects.toThrow('TOKEN_INVALID');
    expect(await app.accounts.byId(caller.user.id)).toMatchObject({ email: newEmail, role: 'admin' });
  });

  it('is not undone by whoever had the account in between', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    await change(app, caller);
    const { emailChange } = app.identity;
    app.clock.advance(1_000);
    await emailChange.changeEmail(caller.principal, 'third@shop.test', client);
    await emailChange.confirmEmailChange(await app.tokenIn('account.email-change', 'third@shop.test'), client);
    await emailChange.undoEmailChange(await app.tokenIn('account.email-undo', ada.email), client);
    const later = await app.tokenIn('account.email-undo', newEmail);
    await expect(emailChange.undoEmailChange(later, client)).rejects.toThrow('TOKEN_INVALID');
  });
});

it('a name is changed by its user', async () => {
  await using app = await setUpAccounts();
  const { principal } = await app.signUp();
  expect(await app.identity.profile.update(principal, { name: 'Ada L.' })).toMatchObject({ name: 'Ada L.' });
  expect(await app.accounts.me(principal)).toMatchObject({ name: 'Ada L.', email: ada.email });
});
