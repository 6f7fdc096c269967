import { isCartwrightError, type Cartwright } from '@cartwright/sdk';
import { createTestShop, TEST_PASSWORD, type HostProcess, type TestShop } from '@cartwright/testapp';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis } from '@cartwright/platform-redis';
import { startRedisServer, type RedisServer } from '@cartwright/testkit';
import jsqr from 'jsqr';
import { generateSync } from 'otplib';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

/** A connection whose answer doesn't come is given up within this time. */
const PATIENCE = { timeout: 20_000, interval: 100 };
const HANG_MS = 15_000;

let redis: RedisServer;
let shop: TestShop;
beforeAll(async () => {
  redis = await startRedisServer();
  shop = await createTestShop({ apis: 3, workers: 0, env: { REDIS_URL: redis.url, LOG_LEVEL: 'fatal' } });
}, 180_000);
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await redis.stop();
});

const api = (index: number): HostProcess => {
  const found = shop.apis[index % shop.apis.length];
  if (!found) throw new Error('No API');
  return found;
};
const refusal = (reason: Parameters<typeof isCartwrightError>[1]) => (error: unknown) =>
  isCartwrightError(error, reason);

let accounts = 0;
async function customer() {
  accounts += 1;
  const account = { email: `two-factor-${accounts}@example.test`, password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  return account;
}

/** What the authenticator app shows, `steps` of 30 seconds from now. */
const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + steps * 30 });

/** A customer who scanned the QR code and typed what the app shows. The code after that one is still unused. */
async function withTwoFactor() {
  const account = await customer();
  const device = shop.client(api(0));
  await device.api.auth.login.mutate(account);
  const { qrCode } = await device.api.account.twoFactor.setup.mutate();
  const png = PNG.sync.read(Buffer.from(qrCode.replace('data:image/png;base64,', ''), 'base64'));
  const uri = jsqr.default(new Uint8ClampedArray(png.data), png.width, png.height)?.data ?? '';
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const { recoveryCodes } = await device.api.account.twoFactor.enable.mutate({ code: codeOf(secret) });
  return { account, device, secret, recoveryCodes };
}

async function challengeOf(client: Cartwright, account: { email: string; password: string }): Promise<string> {
  const answer = await client.api.auth.login.mutate(account);
  if (answer.status !== 'two_factor_required') throw new Error('No second factor was asked for');
  expect(client.session.current()).toBeNull();
  return answer.challenge;
}

describe('signing in with a second factor', () => {
  it('takes two steps, each on any instance, and brings the cart', async () => {
    const { account, secret } = await withTwoFactor();
    const [first, second] = [shop.client(api(1)), shop.client(api(2))];
    const variantId = [...shop.variants.values()][0] ?? '';
    await second.api.cart.addItem.mutate({ variantId, quantity: 1 });
    const challenge = await challengeOf(first, account);
    const answer = await second.api.auth.verifyTwoFactor.mutate({ challenge, code: codeOf(secret, 1) });
    expect(answer).toMatchObject({ status: 'ok', cartMerged: true });
    expect(await second.api.account.me.query()).toMatchObject({ email: account.email });
    expect((await second.api.cart.get.query()).lines).toHaveLength(1);
  });

  it('takes each recovery code once, of 50 at a time over all instances', async () => {
    const { account, recoveryCodes } = await withTwoFactor();
    const [recoveryCode = ''] = recoveryCodes;
    const challenges: string[] = [];
    // Five tries each.
    for (let count = 0; count < 10; count += 1) challenges.push(await challengeOf(shop.client(api(count)), account));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        shop
          .client(api(index))
          .api.auth.verifyTwoFactor.mutate({ challenge: challenges[index % 10] ?? '', recoveryCode }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const again = shop.client(api(0));
    const signInAgain = async () =>
      again.api.auth.verifyTwoFactor.mutate({ challenge: await challengeOf(again, account), recoveryCode });
    await expect(signInAgain()).rejects.toSatisfy(
      (error) => isCartwrightError(error, 'TWO_FACTOR_CODE_INVALID') || isCartwrightError(error, 'RATE_LIMITED'),
    );
  });
});

describe('a dangerous action', () => {
  it('asks who it is once the last proof is old, and goes on by itself after', async () => {
    const account = await customer();
    const asked = vi.fn();
    const device: Cartwright = shop.client(api(0), {
      onStepUp: async () => {
        asked();
        // Given to another instance than the one that asked: it holds there at once.
        const { accessToken } = stored;
        const answer = await fetch(`${api(1).url}/trpc/auth.stepUp`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
          body: JSON.stringify({ json: { password: account.password } }),
        });
        return answer.ok;
      },
    });
    const answer = await device.api.auth.login.mutate(account);
    if (answer.status !== 'ok') throw new Error(answer.status);
    const stored = answer;
    await device.api.account.twoFactor.setup.mutate();
    expect(asked).not.toHaveBeenCalled();

    const side = await createRedis({
      url: redis.url,
      prefix: shop.env['REDIS_PREFIX'] ?? '',
      logger: createSilentLogger(),
    });
    onTestFinished(() => side.close());
    await side.client.hset(side.key('session', stored.sessionId), 'stepUpUntil', Date.now() - 1);
    const silent = shop.client(api(2), { storage: { load: () => stored, save: () => undefined } });
    await expect(silent.api.account.twoFactor.setup.mutate()).rejects.toSatisfy(refusal('STEP_UP_REQUIRED'));
    expect(await device.api.account.twoFactor.setup.mutate()).toMatchObject({ secret: expect.any(String) });
    expect(asked).toHaveBeenCalledOnce();
  });
});

describe('when Redis fails in the middle of signing in', () => {
  /** The outcome of a call, which must come in time. */
  async function outcomeOf(calling: Promise<unknown>): Promise<string> {
    const began = performance.now();
    const outcome = await calling.then(
      () => 'ok',
      (error: unknown) => (isCartwrightError(error) ? error.reason : String(error)),
    );
    expect(performance.now() - began).toBeLessThan(HANG_MS);
    return outcome;
  }

  it('flushed: challenges and sessions are gone, and nothing says yes', async () => {
    const { account, device, secret } = await withTwoFactor();
    const client = shop.client(api(1));
    const challenge = await challengeOf(client, account);
    const side = await createRedis({ url: redis.url, prefix: 'x', logger: createSilentLogger() });
    await side.client.flushall();
    await side.close();
    const code = codeOf(secret, 1);
    expect(await outcomeOf(client.api.auth.verifyTwoFactor.mutate({ challenge, code }))).toBe(
      'TWO_FACTOR_CHALLENGE_INVALID',
    );
    await vi.waitFor(
      async () => expect(await outcomeOf(device.api.account.me.query())).toMatch(/SESSION_REVOKED|UNAUTHENTICATED/),
      PATIENCE,
    );
    // The code was not used up by a sign-in that failed.
    const again = { challenge: await challengeOf(client, account), code };
    expect(await client.api.auth.verifyTwoFactor.mutate(again)).toMatchObject({ status: 'ok' });
  });

  it('paused, then down: 503 in time for login, second factor, refresh and calls, and all is well after', async () => {
    const { account, secret } = await withTwoFactor();
    const client = shop.client(api(1));
    const challenge = await challengeOf(client, account);
    const guest = shop.client(api(2));
    const plain = await customer();
    const signedIn = await shop.client(api(0)).api.auth.login.mutate(plain);
    if (signedIn.status !== 'ok') throw new Error(signedIn.status);
    const { refreshToken, accessToken } = signedIn;
    const code = codeOf(secret, 1);
    const everything = () =>
      Promise.all([
        outcomeOf(guest.api.auth.login.mutate(plain)),
        outcomeOf(guest.api.auth.verifyTwoFactor.mutate({ challenge, code })),
        outcomeOf(guest.api.auth.refresh.mutate({ refreshToken })),
        fetch(`${api(0).url}/trpc/account.me`, { headers: { authorization: `Bearer ${accessToken}` } }).then(
          (answer) => `${answer.status} ${answer.headers.get('retry-after') !== null}`,
        ),
      ]);
    const refused = ['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE', '503 true'];
    redis.pause();
    try {
      // A yes may be remembered for half a second.
      await vi.waitFor(async () => expect((await everything())[3]).toBe('503 true'), PATIENCE);
      expect(await everything()).toEqual(refused);
    } finally {
      redis.resume();
    }
    await vi.waitFor(async () => expect(await outcomeOf(guest.api.auth.login.mutate(plain))).toBe('ok'), PATIENCE);
    await redis.stop();
    await vi.waitFor(async () => expect(await everything()).toEqual(refused), PATIENCE);
    redis = await startRedisServer({ port: redis.port });
    await vi.waitFor(async () => {
      const back = shop.client(api(1));
      const proof = { challenge: await challengeOf(back, account), code: codeOf(secret, 1) };
      expect(await outcomeOf(back.api.auth.verifyTwoFactor.mutate(proof))).toMatch(/^ok$|TWO_FACTOR_CODE_INVALID/);
    }, PATIENCE);
  });
});
