import { describe, expect, it } from 'vitest';
import { ada, client, codeOf, guessCount, openAccounts, type OpenAccounts } from './accounts.fixture.ts';
import { actions, challengeOf, fulfilled, nextStep, register, withTwoFactor } from './two-factor.fixture.ts';

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
