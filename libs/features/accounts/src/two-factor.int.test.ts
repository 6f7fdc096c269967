import type { Principal } from '@cartwright/api-core';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  ada,
  client,
  codeOf,
  encryptionKey,
  guessCount,
  openAccounts,
  signedIn,
  type OpenAccounts,
} from './accounts.fixture.ts';

const nextStep = (app: OpenAccounts): void => app.clock.advance(30_000);

async function register(app: OpenAccounts): Promise<Principal> {
  const { accessToken } = await app.auth.register(ada, client);
  return app.auth.authenticate(accessToken);
}

/** Somebody with a second factor; the code that turned it on is used, the next one is not. */
async function withTwoFactor(app: OpenAccounts) {
  const principal = await register(app);
  const { secret } = await app.twoFactor.setup(principal);
  const { recoveryCodes } = await app.twoFactor.enable(principal, codeOf(app, secret), client);
  nextStep(app);
  return { principal, secret, recoveryCodes };
}

async function challengeOf(app: Pick<OpenAccounts, 'auth'>, facts = client): Promise<string> {
  const answer = await app.auth.login(ada, { ...facts, deviceName: 'phone' });
  if (answer.status !== 'two_factor_required') throw new Error('No second factor was asked for');
  return answer.challenge;
}

const storedUser = (app: OpenAccounts) => app.db.mongo.connection.collection('users').findOne({});
const fulfilled = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.filter(({ status }) => status === 'fulfilled').length;
const actions = (app: OpenAccounts): string[] => app.audit.entries.map(({ action }) => action);

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

describe('signing in with a second factor', () => {
  it('takes the code and merges the cart, on any instance', async () => {
    await using app = await openAccounts();
    const { principal, secret } = await withTwoFactor(app);
    const challenge = await challengeOf(app);
    expect(app.merged).toEqual([]);
    const result = await app
      .instance()
      .auth.verifyTwoFactor({ challenge, code: codeOf(app, secret) }, { ...client, cartToken: 'cart-1' });
    expect(result).toMatchObject({ status: 'ok', cartMerged: true, user: { id: principal.userId } });
    expect(app.merged).toEqual([['cart-1', principal.userId]]);
    const [session] = await app.auth.listSessions(await app.auth.authenticate(result.accessToken));
    expect(session).toMatchObject({ deviceName: 'phone' });
    // Met once, it opens nothing more.
    nextStep(app);
    await expect(app.auth.verifyTwoFactor({ challenge, code: codeOf(app, secret) }, client)).rejects.toThrow(
      'TWO_FACTOR_CHALLENGE_INVALID',
    );
  });

  it('takes codes one step early or late, and none of two', async () => {
    await using app = await openAccounts();
    const { secret } = await withTwoFactor(app);
    for (const [steps, accepted] of [
      [-2, false],
      [2, false],
      [-1, false], // used to turn it on
      [0, true],
      [1, true],
    ] as const) {
      const trying = app.auth.verifyTwoFactor(
        { challenge: await challengeOf(app), code: codeOf(app, secret, steps) },
        client,
      );
      if (accepted) expect(await trying).toMatchObject({ status: 'ok' });
      else await expect(trying).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    }
    app.clock.advance(120_000);
    const late = { challenge: await challengeOf(app), code: codeOf(app, secret, -1) };
    expect(await app.auth.verifyTwoFactor(late, client)).toMatchObject({ status: 'ok' });
  });

  it('accepts a code once of 50 at a time, also over challenges and instances', async () => {
    const limits = { secondFactorPerAccountAndNetwork: { points: 1_000, seconds: 60 }, ...wide };
    await using app = await openAccounts({ limits });
    const { secret } = await withTwoFactor(app);
    const others = [app, app.instance(), app.instance()];
    const challenges: string[] = [];
    // Five tries each.
    for (let number = 0; number < 10; number += 1) challenges.push(await challengeOf(app));
    const code = codeOf(app, secret);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        others[index % 3]?.auth.verifyTwoFactor({ challenge: challenges[index % 10] ?? '', code }, client),
      ),
    );
    expect(fulfilled(outcomes)).toBe(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ reason: 'TWO_FACTOR_CODE_INVALID' });
    }
    // An older one is good no more, either.
    const before = { challenge: await challengeOf(app), code: codeOf(app, secret, -1) };
    await expect(app.auth.verifyTwoFactor(before, client)).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
  });

  it('accepts a recovery code once of 50 at a time', async () => {
    const limits = { secondFactorPerAccountAndNetwork: { points: 1_000, seconds: 60 }, ...wide };
    await using app = await openAccounts({ limits });
    const { principal, recoveryCodes } = await withTwoFactor(app);
    const [recoveryCode = ''] = recoveryCodes;
    const challenges: string[] = [];
    // Five tries each.
    for (let number = 0; number < 10; number += 1) challenges.push(await challengeOf(app));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        app.auth.verifyTwoFactor(
          { challenge: challenges[index % 10] ?? '', recoveryCode: recoveryCode.toUpperCase() },
          client,
        ),
      ),
    );
    expect(fulfilled(outcomes)).toBe(1);
    expect(await app.twoFactor.status(principal)).toMatchObject({ recoveryCodesLeft: 9 });
    expect(actions(app).filter((action) => action === 'twoFactor.recoveryUsed')).toHaveLength(1);
  });

  it('gives one session for a challenge, whatever meets it at once', async () => {
    await using app = await openAccounts();
    const { principal, secret, recoveryCodes } = await withTwoFactor(app);
    const challenge = await challengeOf(app);
    const before = (await app.auth.listSessions(principal)).length;
    const outcomes = await Promise.allSettled([
      app.auth.verifyTwoFactor({ challenge, code: codeOf(app, secret) }, client),
      ...recoveryCodes.slice(0, 3).map((recoveryCode) => app.auth.verifyTwoFactor({ challenge, recoveryCode }, client)),
    ]);
    expect(fulfilled(outcomes)).toBe(1);
    expect(await app.auth.listSessions(principal)).toHaveLength(before + 1);
  });

  it('gives a challenge five tries', async () => {
    await using app = await openAccounts();
    const { secret } = await withTwoFactor(app);
    const challenge = await challengeOf(app);
    const wrong = { challenge, code: codeOf(app, secret, 7) };
    for (let count = 0; count < 5; count += 1) {
      await expect(app.auth.verifyTwoFactor(wrong, client)).rejects.toThrow('TWO_FACTOR_CODE_INVALID');
    }
    await expect(app.auth.verifyTwoFactor({ challenge, code: codeOf(app, secret) }, client)).rejects.toThrow(
      'TWO_FACTOR_CHALLENGE_INVALID',
    );
    const again = { challenge: await challengeOf(app), code: codeOf(app, secret) };
    expect(await app.auth.verifyTwoFactor(again, client)).toMatchObject({ status: 'ok' });
  });

  it('gives a challenge five minutes', async () => {
    await using app = await openAccounts();
    await withTwoFactor(app);
    const challenge = await challengeOf(app);
    const [key = ''] = await app.cache.redis.client.keys('*login-challenge*');
    expect(key).not.toContain(challenge);
    const left = await app.cache.redis.client.pttl(key);
    expect(left).toBeGreaterThan(290_000);
    expect(left).toBeLessThanOrEqual(300_000);
  });

  it('refuses a challenge when the password is another one by now, and an invented one', async () => {
    await using app = await openAccounts();
    const { secret } = await withTwoFactor(app);
    const challenge = await challengeOf(app);
    const { modifiedCount } = await app.db.mongo.connection
      .collection('users')
      .updateOne({ email: ada.email }, { $set: { passwordHash: 'another' } });
    expect(modifiedCount).toBe(1);
    for (const given of [challenge, 'x'.repeat(43)]) {
      await expect(app.auth.verifyTwoFactor({ challenge: given, code: codeOf(app, secret) }, client)).rejects.toThrow(
        'TWO_FACTOR_CHALLENGE_INVALID',
      );
    }
  });

  it('is asked for when it was turned on while the password was checked', async () => {
    let meanwhile = async (): Promise<void> => undefined;
    await using app = await openAccounts({ whileVerifying: () => meanwhile() });
    const principal = await register(app);
    const { secret } = await app.twoFactor.setup(principal);
    meanwhile = async () => {
      meanwhile = async () => undefined;
      await app.twoFactor.enable(principal, codeOf(app, secret), client);
    };
    await expect(app.auth.login(ada, client)).rejects.toThrow('INVALID_CREDENTIALS');
    expect(await app.auth.login(ada, client)).toMatchObject({ status: 'two_factor_required' });
  });
});

/** So that tests of other things are not stopped by limits. */
const wide = {
  loginPerAccountAndNetwork: { points: 1_000, seconds: 60 },
  loginPerAccount: { points: 1_000, seconds: 60 },
  loginPerNetwork: { points: 100_000, seconds: 60 },
  secondFactorPerAccount: { points: 1_000, seconds: 60 },
};

const CODES = guessCount(1_000);

describe('guessing codes', { timeout: 30_000 + CODES * 20 }, () => {
  /** Tries codes with all challenges that can be had, over three instances. */
  async function guess(app: OpenAccounts, tries: number, ipOf: (count: number) => string): Promise<void> {
    const instances = [app, app.instance(), app.instance()];
    let challenge = '';
    for (let count = 0; count < tries; count += 1) {
      const facts = { ip: ipOf(count), userAgent: 'attacker' };
      const { auth } = instances[count % 3] ?? app;
      if (count % 5 === 0 && count < 200) challenge = await challengeOf({ auth }, facts).catch(() => challenge);
      const code = String(count).padStart(6, '0');
      await auth.verifyTwoFactor({ challenge, code }, facts).catch(() => undefined);
    }
  }
  const evaluated = (app: OpenAccounts): number =>
    actions(app).filter((action) => action === 'twoFactor.failed').length;

  it('is evaluated at most ten times of many from one network, and the owner gets in from elsewhere', async () => {
    await using app = await openAccounts({ limits: { loginPerAccountAndNetwork: { points: 10_000, seconds: 60 } } });
    const { secret } = await withTwoFactor(app);
    await guess(app, CODES, () => '198.51.100.7');
    expect(evaluated(app)).toBeGreaterThan(0);
    expect(evaluated(app)).toBeLessThanOrEqual(10);
    const elsewhere = { ip: '203.0.113.99', userAgent: 'owner' };
    const proof = { challenge: await challengeOf(app, elsewhere), code: codeOf(app, secret) };
    expect(await app.auth.verifyTwoFactor(proof, elsewhere)).toMatchObject({ status: 'ok' });
  });

  it('is evaluated at most ten times from many networks, and the owner gets in from where they did before', async () => {
    await using app = await openAccounts({ limits: { loginPerAccount: { points: 10_000, seconds: 60 } } });
    const { secret } = await withTwoFactor(app);
    const first = { challenge: await challengeOf(app), code: codeOf(app, secret) };
    await app.auth.verifyTwoFactor(first, client);
    await guess(app, CODES, (count) => `198.51.100.${count % 250}`);
    expect(evaluated(app)).toBeGreaterThan(0);
    expect(evaluated(app)).toBeLessThanOrEqual(10);
    nextStep(app);
    const again = { challenge: await challengeOf(app), code: codeOf(app, secret) };
    expect(await app.auth.verifyTwoFactor(again, client)).toMatchObject({ status: 'ok' });
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
