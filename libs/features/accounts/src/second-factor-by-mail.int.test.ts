import { createPasswordHasher, type PasswordHasher } from '@cartwright/platform-security';
import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { ada, client } from './accounts.fixture.ts';
import { setUpAccounts, type MailedAccounts } from './mailed-accounts.fixture.ts';

const newPassword = 'another battery';
const newEmail = 'lovelace@shop.test';
const elsewhere = { ip: '198.51.100.7', userAgent: 'test' };

type Caller = Awaited<ReturnType<MailedAccounts['signUp']>>;

/** What an authenticator app shows, `steps` of 30 seconds from now. */
const codeOf = (app: MailedAccounts, secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(app.clock().getTime() / 1_000) + steps * 30 });

/** Turns a second factor on, and waits for a code that was not used for that. */
async function turnOn(app: MailedAccounts, { principal }: Pick<Caller, 'principal'>) {
  const { secret } = await app.twoFactor.setup(principal);
  const { recoveryCodes } = await app.twoFactor.enable(principal, codeOf(app, secret), client);
  app.clock.advance(30_000);
  return { secret, recoveryCodes };
}

async function verified(app: MailedAccounts): Promise<Caller> {
  const caller = await app.signUp();
  await app.auth.verifyEmail(await app.tokenIn('account.verify'), client);
  return caller;
}

async function askForReset(app: MailedAccounts): Promise<string> {
  await app.auth.requestPasswordReset(ada.email, client);
  await app.settle();
  return app.tokenIn('account.reset');
}

const storedUser = (app: MailedAccounts) => app.mongo.connection.collection('users').findOne({});

describe('a reset of a password with a second factor on', () => {
  it('asks for a code; without one, or with a wrong one, nothing changes and the link stays good', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    const { secret } = await turnOn(app, caller);
    const token = await askForReset(app);
    const before = await storedUser(app);
    const reset = (code?: string) => app.auth.resetPassword({ token, newPassword, code }, client);
    await expect(reset()).rejects.toThrow('TWO_FACTOR_REQUIRED');
    for (const wrong of [codeOf(app, secret, 9), '12345', 'no code at all']) {
      await expect(reset(wrong)).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    }
    expect(await storedUser(app)).toEqual(before);
    expect(await app.auth.authenticate(caller.accessToken)).toMatchObject({ userId: caller.user.id });
    expect(await app.auth.login(ada, client)).toMatchObject({ status: 'two_factor_required' });

    const code = codeOf(app, secret);
    await reset(`${code.slice(0, 3)} ${code.slice(3)}`);
    await expect(app.auth.authenticate(caller.accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(reset(code)).rejects.toThrow('TOKEN_INVALID');
    // The second factor stays, and the code is used up.
    const answer = await app.auth.login({ ...ada, password: newPassword }, client);
    if (answer.status !== 'two_factor_required') throw new Error('No second factor was asked for');
    const { challenge } = answer;
    await expect(app.auth.verifyTwoFactor({ challenge, code }, client)).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    app.clock.advance(30_000);
    const next = { challenge, code: codeOf(app, secret) };
    expect(await app.auth.verifyTwoFactor(next, client)).toMatchObject({ status: 'ok' });
  });

  it('takes a recovery code, once', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    const [recoveryCode = ''] = (await turnOn(app, caller)).recoveryCodes;
    await app.auth.resetPassword({ token: await askForReset(app), newPassword, code: recoveryCode }, client);
    const again = { token: await askForReset(app), newPassword: ada.password, code: recoveryCode };
    await expect(app.auth.resetPassword(again, client)).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    expect((await storedUser(app))?.['twoFactor'].enabled.recoveryCodes).toHaveLength(9);
  });

  it('lets nobody guess who has the mail', async () => {
    await using app = await setUpAccounts();
    const { secret } = await turnOn(app, await verified(app));
    const token = await askForReset(app);
    for (let count = 0; count < 30; count += 1) {
      const code = String(count).padStart(6, '0');
      await app.auth.resetPassword({ token, newPassword, code }, client).catch(() => undefined);
    }
    const evaluated = app.audit.entries.filter(({ action }) => action === 'twoFactor.failed');
    expect(evaluated.length).toBeGreaterThan(0);
    expect(evaluated.length).toBeLessThanOrEqual(10);
    const rightful = { token, newPassword, code: codeOf(app, secret) };
    await expect(app.auth.resetPassword(rightful, client)).rejects.toThrow('RATE_LIMITED');
    await app.auth.resetPassword(rightful, elsewhere);
  });

  it('asks for it also when it was turned on while the new password was hashed', async () => {
    const hasher = createPasswordHasher();
    let meanwhile = async (): Promise<void> => undefined;
    const passwords: PasswordHasher = {
      verify: hasher.verify,
      hash: async (password) => {
        await meanwhile();
        return hasher.hash(password);
      },
    };
    await using app = await setUpAccounts({ passwords });
    const caller = await verified(app);
    const token = await askForReset(app);
    meanwhile = async () => {
      meanwhile = async () => undefined;
      await turnOn(app, caller);
    };
    await expect(app.auth.resetPassword({ token, newPassword }, client)).rejects.toThrow('VERSION_CONFLICT');
    await expect(app.auth.resetPassword({ token, newPassword }, client)).rejects.toThrow('TWO_FACTOR_REQUIRED');
  });

  it('clears it where the address was never verified: it may be that of somebody who took the address', async () => {
    await using app = await setUpAccounts();
    const squatter = await app.signUp();
    await turnOn(app, squatter);
    await app.auth.resetPassword({ token: await askForReset(app), newPassword }, client);
    await expect(app.auth.authenticate(squatter.accessToken)).rejects.toThrow('SESSION_REVOKED');
    const { principal } = await app.signIn({ ...ada, password: newPassword });
    expect(await app.twoFactor.status(principal)).toMatchObject({ enabled: false, recoveryCodesLeft: 0 });
    expect(await storedUser(app)).not.toHaveProperty('twoFactor');
  });
});

describe('a change of address that is undone', () => {
  const change = async (app: MailedAccounts, { principal }: Caller): Promise<void> => {
    await app.identity.emailChange.changeEmail(principal, newEmail, client);
    await app.identity.emailChange.confirmEmailChange(await app.tokenIn('account.email-change', newEmail), client);
    app.clock.advance(1_000);
  };
  const undo = async (app: MailedAccounts): Promise<string> => {
    await app.identity.emailChange.undoEmailChange(await app.tokenIn('account.email-undo'), client);
    return app.tokenIn('account.reset');
  };

  it('clears a second factor that was set up since', async () => {
    await using app = await setUpAccounts();
    await change(app, await verified(app));
    await turnOn(app, await app.signIn({ ...ada, email: newEmail }));
    await app.auth.resetPassword({ token: await undo(app), newPassword }, client);
    const { principal } = await app.signIn({ ...ada, password: newPassword });
    expect(await app.twoFactor.status(principal)).toMatchObject({ enabled: false });
  });

  it('keeps one of more than seven days before, and asks for it: a mailbox alone is no way around it', async () => {
    await using app = await setUpAccounts();
    const caller = await verified(app);
    const { secret } = await turnOn(app, caller);
    app.clock.advance(7 * 86_400_000);
    await change(app, caller);
    const token = await undo(app);
    await expect(app.auth.resetPassword({ token, newPassword }, client)).rejects.toThrow('TWO_FACTOR_REQUIRED');
    await app.auth.resetPassword({ token, newPassword, code: codeOf(app, secret) }, client);
  });
});
