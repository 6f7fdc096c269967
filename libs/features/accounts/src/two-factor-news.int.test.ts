import { describe, expect, it } from 'vitest';
import { ada, client, codeOf } from './accounts.fixture.ts';
import { setUpAccounts, type MailedAccounts } from './mailed-accounts.fixture.ts';

const DAY_MS = 86_400_000;
const newEmail = 'mallory@shop.test';
const newPassword = 'another battery';

/** Somebody signed in whose address is verified. */
async function verified(app: MailedAccounts) {
  const caller = await app.signUp();
  await app.auth.verifyEmail(await app.tokenIn('account.verify'), client);
  return caller;
}
type Caller = Awaited<ReturnType<typeof verified>>;

async function turnOn(app: MailedAccounts, { principal }: Caller) {
  const { secret } = await app.twoFactor.setup(principal);
  const { recoveryCodes } = await app.twoFactor.enable(principal, codeOf(app, secret), client);
  app.clock.advance(30_000);
  return { secret, recoveryCodes };
}

async function changeEmail(app: MailedAccounts, { principal }: Caller): Promise<void> {
  await app.identity.emailChange.changeEmail(principal, newEmail, client);
  await app.identity.emailChange.confirmEmailChange(await app.tokenIn('account.email-change', newEmail), client);
}

const newsTo = async (app: MailedAccounts) =>
  (await app.mailsTo(ada.email)).filter(({ template }) => template === 'account.two-factor-changed');

describe('a second factor that changes', () => {
  it('is told by mail and event, each time', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    const { secret, recoveryCodes } = await turnOn(app, caller);
    await app.twoFactor.regenerateRecoveryCodes(caller.principal, codeOf(app, secret), client);
    const challenge = await app.auth.login(ada, client);
    if (challenge.status !== 'two_factor_required') throw new Error('No second factor was asked for');
    const signInWith = (recoveryCode = '') =>
      app.auth.verifyTwoFactor({ challenge: challenge.challenge, recoveryCode }, client);
    // Good no more: nothing happened, and nothing is told.
    await expect(signInWith(recoveryCodes[0])).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    app.clock.advance(30_000);
    const renewed = await app.twoFactor.regenerateRecoveryCodes(caller.principal, codeOf(app, secret), client);
    await signInWith(renewed.recoveryCodes[0]);
    app.clock.advance(30_000);
    await app.twoFactor.disable(caller.principal, { password: ada.password, code: codeOf(app, secret) }, client);
    expect((await newsTo(app)).map(({ subject }) => subject)).toEqual([
      'Cartwright: two-factor authentication is on',
      'Cartwright: you have new recovery codes',
      'Cartwright: you have new recovery codes',
      'Cartwright: a recovery code was used',
      'Cartwright: two-factor authentication is off',
    ]);
    expect((await app.eventTypes()).filter((type) => type === 'user.two_factor_changed')).toHaveLength(5);
  });
});

describe('a second factor that a thief turned on', () => {
  it('goes by the link in the mail that told of it, with all sessions and the password', async () => {
    await using app = await setUpAccounts();
    const thief = await verified(app);
    await turnOn(app, thief);
    await app.identity.emailChange.undoEmailChange(await app.tokenIn('account.two-factor-changed'), client);
    await expect(app.auth.authenticate(thief.accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(app.auth.login(ada, client)).rejects.toThrow('INVALID_CREDENTIALS');
    await app.auth.resetPassword({ token: await app.tokenIn('account.reset'), newPassword }, client);
    expect((await app.signIn({ ...ada, password: newPassword })).user).toMatchObject({ email: ada.email });
  });

  it('before the address was changed does not keep the owner out who takes that back', async () => {
    await using app = await setUpAccounts();
    const thief = await verified(app);
    await turnOn(app, thief);
    app.clock.advance(7 * DAY_MS - 60_000);
    await changeEmail(app, thief);
    await app.identity.emailChange.undoEmailChange(await app.tokenIn('account.email-undo'), client);
    await app.auth.resetPassword({ token: await app.tokenIn('account.reset'), newPassword }, client);
    expect((await app.signIn({ ...ada, password: newPassword })).user).toMatchObject({ email: ada.email });
  });

  it('takes no way back with it when the address is changed after it', async () => {
    await using app = await setUpAccounts();
    const thief = await verified(app);
    await turnOn(app, thief);
    await changeEmail(app, thief);
    await app.identity.emailChange.undoEmailChange(await app.tokenIn('account.two-factor-changed'), client);
    const later = app.identity.emailChange.undoEmailChange(await app.tokenIn('account.email-undo'), client);
    await expect(later).rejects.toThrow('TOKEN_INVALID');
    await app.auth.resetPassword({ token: await app.tokenIn('account.reset'), newPassword }, client);
    await app.signIn({ ...ada, password: newPassword });
  });
});

describe('a second factor that a thief turns on and off', () => {
  it('pushes out no way back that the former address has', async () => {
    await using app = await setUpAccounts();
    const thief = await verified(app);
    await changeEmail(app, thief);
    for (let times = 0; times < 21; times += 1) {
      const { secret } = await turnOn(app, thief);
      await app.twoFactor.disable(thief.principal, { password: ada.password, code: codeOf(app, secret) }, client);
      app.clock.advance(60_000);
    }
    await app.identity.emailChange.undoEmailChange(await app.tokenIn('account.email-undo'), client);
    await app.auth.resetPassword({ token: await app.tokenIn('account.reset'), newPassword }, client);
    expect((await app.signIn({ ...ada, password: newPassword })).user).toMatchObject({ email: ada.email });
  });
});

describe('the mail that a second factor is on', () => {
  it('has no way back for an address that was never verified, nor for operators', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    await turnOn(app, caller);
    const [stranger] = await newsTo(app);
    expect(stranger?.token).toBe('');
    expect(stranger?.text).toContain('choose a new password at once');

    const admin = { ...ada, email: 'boss@shop.test' };
    await app.accounts.createAdmin(admin);
    await turnOn(app, await app.signIn(admin));
    const mails = await app.mailsTo(admin.email);
    expect(mails.map(({ template, token }) => [template, token])).toEqual([['account.two-factor-changed', '']]);
  });
});
