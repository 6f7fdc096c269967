import type { Principal } from '@cartwright/api-core';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ada, client, codeOf, encryptionKey, openAccounts, signedIn, type OpenAccounts } from './accounts.fixture.ts';
import {
  actions,
  challengeOf,
  fulfilled,
  nextStep,
  register,
  storedUser,
  withTwoFactor,
} from './two-factor.fixture.ts';

describe('setting up a second factor', () => {
  it('asks for nothing at sign-in until a code has shown that it works', async () => {
    await using app = await openAccounts();
    const principal = await register(app);
    expect(await app.twoFactor.status(principal)).toEqual({ enabled: false, since: null, recoveryCodesLeft: 0 });
    await expect(app.twoFactor.enable(principal, '000000', client)).rejects.toThrow('TWO_FACTOR_SETUP_REQUIRED');
    const { secret, otpauthUrl, qrCode } = await app.twoFactor.setup(principal);
    expect(otpauthUrl).toContain(`secret=${secret}`);
    expect(qrCode).toMatch(/^data:image\/png;base64,/);
    expect(await app.auth.login(ada, client)).toMatchObject({ status: 'ok' });
    await expect(app.twoFactor.enable(principal, codeOf(app, secret, 5), client)).rejects.toThrow(
      'TWO_FACTOR_CODE_INVALID',
    );
    expect(await app.auth.login(ada, client)).toMatchObject({ status: 'ok' });

    const { recoveryCodes } = await app.twoFactor.enable(principal, codeOf(app, secret), client);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await app.auth.login(ada, client)).toEqual({
      status: 'two_factor_required',
      challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(await app.twoFactor.status(principal)).toEqual({
      enabled: true,
      since: app.clock(),
      recoveryCodesLeft: 10,
    });
    expect(actions(app)).toContain('twoFactor.enabled');
  });

  it('replaces a setup that was never finished, and none that was', async () => {
    await using app = await openAccounts();
    const principal = await register(app);
    const first = await app.twoFactor.setup(principal);
    const second = await app.twoFactor.setup(principal);
    await expect(app.twoFactor.enable(principal, codeOf(app, first.secret), client)).rejects.toThrow(
      'TWO_FACTOR_CODE_INVALID',
    );
    await app.twoFactor.enable(principal, codeOf(app, second.secret), client);
    await expect(app.twoFactor.setup(principal)).rejects.toThrow('TWO_FACTOR_ALREADY_ENABLED');
    await expect(app.twoFactor.enable(principal, codeOf(app, second.secret), client)).rejects.toThrow(
      'TWO_FACTOR_ALREADY_ENABLED',
    );
  });

  it('is enabled once, however many try: only one gets recovery codes', async () => {
    await using app = await openAccounts();
    const principal = await register(app);
    const { secret } = await app.twoFactor.setup(principal);
    const code = codeOf(app, secret);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => app.twoFactor.enable(principal, code, client)),
    );
    expect(fulfilled(outcomes)).toBe(1);
    expect((await storedUser(app))?.['twoFactor'].enabled.recoveryCodes).toHaveLength(10);
  });

  it('keeps no secret and no code as it is', async () => {
    await using app = await openAccounts();
    const { principal, secret, recoveryCodes } = await withTwoFactor(app);
    const stored = JSON.stringify(await storedUser(app));
    for (const plain of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
      expect(stored).not.toContain(plain);
    }
    // Copied to another account it opens nothing.
    const users = app.db.mongo.connection.collection('users');
    await app.auth.register({ ...ada, email: 'eve@shop.test' }, client);
    const victim = await users.findOne({ _id: principal.userId as never });
    await users.updateOne({ email: 'eve@shop.test' }, { $set: { twoFactor: victim?.['twoFactor'] } });
    const answer = await app.auth.login({ ...ada, email: 'eve@shop.test' }, client);
    if (answer.status !== 'two_factor_required') throw new Error('No second factor was asked for');
    await expect(
      app.auth.verifyTwoFactor({ challenge: answer.challenge, code: codeOf(app, secret) }, client),
    ).rejects.toThrow();
  });
});

describe('a step-up', () => {
  it('takes a code of the second factor, once', async () => {
    await using app = await openAccounts();
    const { principal, secret } = await withTwoFactor(app);
    const code = codeOf(app, secret);
    await expect(app.auth.stepUp(principal, { code: codeOf(app, secret, 9) }, client)).rejects.toThrow(
      'TWO_FACTOR_CODE_INVALID',
    );
    const { stepUpUntil } = await app.auth.stepUp(principal, { code }, client);
    expect(stepUpUntil).toEqual(new Date(app.clock().getTime() + 600_000));
    await expect(app.auth.stepUp(principal, { code }, client)).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
  });

  it('takes no code from who has no second factor', async () => {
    await using app = await openAccounts();
    const principal = await register(app);
    await expect(app.auth.stepUp(principal, { code: '123456' }, client)).rejects.toThrow('TWO_FACTOR_NOT_ENABLED');
  });
});

describe('a second factor', () => {
  it('is turned off with password and code, both', async () => {
    await using app = await openAccounts();
    const { principal, secret } = await withTwoFactor(app);
    const code = codeOf(app, secret);
    const disable = (proof: { password: string; code: string }) => app.twoFactor.disable(principal, proof, client);
    await expect(disable({ password: 'wrong horse', code })).rejects.toThrow('INVALID_CREDENTIALS');
    await expect(disable({ password: ada.password, code: codeOf(app, secret, 9) })).rejects.toThrow(
      'TWO_FACTOR_CODE_INVALID',
    );
    expect(await app.twoFactor.status(principal)).toMatchObject({ enabled: true });
    await disable({ password: ada.password, code });
    expect(await storedUser(app)).not.toHaveProperty('twoFactor');
    expect(await app.auth.login(ada, client)).toMatchObject({ status: 'ok' });
    expect(actions(app)).toContain('twoFactor.disabled');
    await expect(disable({ password: ada.password, code })).rejects.toThrow('TWO_FACTOR_NOT_ENABLED');
  });

  it('gets new recovery codes, which end those before', async () => {
    await using app = await openAccounts();
    const { principal, secret, recoveryCodes } = await withTwoFactor(app);
    const { recoveryCodes: renewed } = await app.twoFactor.regenerateRecoveryCodes(
      principal,
      codeOf(app, secret),
      client,
    );
    const signInWith = async (recoveryCode = '') =>
      app.auth.verifyTwoFactor({ challenge: await challengeOf(app), recoveryCode }, client);
    await expect(signInWith(recoveryCodes[0])).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    expect(await signInWith(renewed[0])).toMatchObject({ status: 'ok' });
    expect(await app.twoFactor.status(principal)).toMatchObject({ recoveryCodesLeft: 9 });
  });

  it('gives new recovery codes for a code of the app alone, and that once', async () => {
    await using app = await openAccounts();
    const { principal, secret, recoveryCodes } = await withTwoFactor(app);
    const regenerate = (code: string) => app.twoFactor.regenerateRecoveryCodes(principal, code, client);
    for (const wrong of [codeOf(app, secret, 9), recoveryCodes[0] ?? '']) {
      await expect(regenerate(wrong)).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    }
    const code = codeOf(app, secret);
    await regenerate(code);
    await expect(regenerate(code)).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    expect(actions(app).filter((action) => action === 'twoFactor.recoveryCodesRenewed')).toHaveLength(1);
  });

  it('gives them without another code to a session that has just shown one, and to no other', async () => {
    await using app = await openAccounts();
    const { principal, secret } = await withTwoFactor(app);
    const regenerate = (session: Principal) => app.twoFactor.regenerateRecoveryCodes(session, undefined, client);
    // It was turned on here.
    expect((await regenerate(principal)).recoveryCodes).toHaveLength(10);
    app.clock.advance(600_000);
    await app.auth.stepUp(principal, { password: ada.password }, client);
    await expect(regenerate(principal)).rejects.toThrow('STEP_UP_REQUIRED');
    await app.auth.stepUp(principal, { code: codeOf(app, secret) }, client);
    const { recoveryCodes: latest } = await regenerate(principal);

    const enter = async (proof: { code: string } | { recoveryCode: string }) => {
      const { accessToken } = await app.auth.verifyTwoFactor({ challenge: await challengeOf(app), ...proof }, client);
      return (await app.auth.authenticate(accessToken)) as Principal;
    };
    await expect(regenerate(await enter({ recoveryCode: latest[0] ?? '' }))).rejects.toThrow('STEP_UP_REQUIRED');
    nextStep(app);
    expect((await regenerate(await enter({ code: codeOf(app, secret) }))).recoveryCodes).toHaveLength(10);
  });

  it('takes over a new encryption key by itself', async () => {
    await using app = await openAccounts();
    const { secret } = await withTwoFactor(app);
    const fresh = { kty: 'oct' as const, kid: 'e2', k: randomBytes(32).toString('base64url') };
    const signInAt = async ({ auth }: Pick<OpenAccounts, 'auth'>) =>
      auth.verifyTwoFactor({ challenge: await challengeOf({ auth }), code: codeOf(app, secret) }, client);
    await signInAt(app.instance({ encryptionKeys: [fresh, encryptionKey] }));
    nextStep(app);
    // The old key may go now.
    expect(await signInAt(app.instance({ encryptionKeys: [fresh] }))).toMatchObject({ status: 'ok' });
  });

  it('is not undone by somebody who read the user before', async () => {
    await using app = await openAccounts();
    const { principal, secret } = await withTwoFactor(app);
    const before = (await storedUser(app))?.['version'];
    await app.twoFactor.regenerateRecoveryCodes(principal, codeOf(app, secret), client);
    // Using the code up counts too.
    expect((await storedUser(app))?.['version']).toBe(before + 2);
  });

  it('of whoever had the address before does not keep an operator out', async () => {
    await using app = await openAccounts();
    await withTwoFactor(app);
    const operator = { ...ada, password: 'another horse' };
    await app.accounts.createAdmin(operator);
    expect(await signedIn(app.auth.login(operator, client))).toMatchObject({ user: { role: 'admin' } });
  });
});
