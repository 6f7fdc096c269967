import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createTestShop, signedIn, startHost, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { SignJWT, UnsecuredJWT, importJWK, type JWTHeaderParameters } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openRawSocket } from './raw-socket.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({ workers: 0 });
}, 180_000);
afterAll(() => shop[Symbol.asyncDispose]());

const account = { email: 'ada@example.test', password: TEST_PASSWORD };
const signIn = async () => {
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  return signedIn(await shop.client().api.auth.login.mutate(account));
};
interface Jwk {
  kty: 'OKP';
  crv: 'Ed25519';
  kid: string;
  x: string;
  d: string;
}
const keysOf = (env: Record<string, string>): Jwk[] => (JSON.parse(env['JWT_KEYS'] ?? '') as { keys: Jwk[] }).keys;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** What an API answers to a token: status, body without the request's id, and what it says of how to sign in. */
async function answerTo(token: string, url = shop.apis[0]?.url ?? '') {
  const answer = await fetch(`${url}/trpc/account.me`, { headers: { authorization: `Bearer ${token}` } });
  const body = (await answer.text()).replace(/"requestId":"[^"]*"/, '');
  return { status: answer.status, body, challenge: answer.headers.get('www-authenticate') };
}

/** Tokens that are not ours, each wrong in one way. */
async function forgeries(good: string, refreshToken: string): Promise<Record<string, string>> {
  const [own] = keysOf(shop.env);
  if (!own) throw new Error('No key');
  const { sub, sid } = claimsOf(good) as { sub: string; sid: string };
  const [head = '', body = '', signature = ''] = good.split('.');
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid: own.kid };
  const claims = (more: { iss?: string; aud?: string; exp?: string } = {}) =>
    new SignJWT({ sid })
      .setSubject(sub)
      .setIssuer(more.iss ?? 'cartwright')
      .setAudience(more.aud ?? 'cartwright')
      .setIssuedAt()
      .setExpirationTime(more.exp ?? '10m');
  const ours = await importJWK(own, 'EdDSA');
  const signed = (changed: JWTHeaderParameters, more = {}) =>
    claims(more)
      .setProtectedHeader({ ...header, ...changed })
      .sign(ours);
  const stranger = generateKeyPairSync('ed25519');
  const strangerJwk = stranger.publicKey.export({ format: 'jwk' });
  const byStranger = (more: Partial<JWTHeaderParameters>) =>
    claims()
      .setProtectedHeader({ ...header, ...more })
      .sign(stranger.privateKey);
  const byHmac = (secret: string | Buffer) =>
    claims()
      .setProtectedHeader({ ...header, alg: 'HS256' })
      .sign(Buffer.from(secret));
  const publicKey = createPublicKey({ key: { kty: own.kty, crv: own.crv, x: own.x }, format: 'jwk' });
  const none = new UnsecuredJWT({ sid }).setSubject(sub).setIssuer('cartwright').setAudience('cartwright');
  const bare = (text: object): string => Buffer.from(JSON.stringify(text)).toString('base64url');

  return {
    'algorithm none': none.setIssuedAt().setExpirationTime('10m').encode(),
    'algorithm none, type and kid kept': `${bare({ ...header, alg: 'none' })}.${body}.`,
    'algorithm nOnE': `${bare({ ...header, alg: 'nOnE' })}.${body}.${signature}`,
    'HMAC with the public key as PEM': await byHmac(publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    'HMAC with the bytes of the public key': await byHmac(Buffer.from(own.x, 'base64url')),
    'HMAC with the text of the public key': await byHmac(own.x),
    'signed by a stranger': await byStranger({}),
    'a key brought along': await byStranger({ jwk: strangerJwk as never }),
    'an address of keys brought along': await byStranger({ jku: 'http://127.0.0.1:1/keys.json' }),
    'kid of a file': await signed({ ...header, kid: '../../../dev/null' }),
    'kid with SQL': await signed({ ...header, kid: "x' UNION SELECT 'k" }),
    'no kid': await claims().setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' }).sign(ours),
    'type JWT': await signed({ ...header, typ: 'JWT' }),
    'no type': await claims().setProtectedHeader({ alg: 'EdDSA', kid: own.kid }).sign(ours),
    'another audience': await signed(header, { aud: 'another' }),
    'another issuer': await signed(header, { iss: 'https://evil.test' }),
    expired: await signed(header, { exp: '-1s' }),
    'no session': await new SignJWT({})
      .setSubject(sub)
      .setIssuer('cartwright')
      .setAudience('cartwright')
      .setIssuedAt()
      .setExpirationTime('10m')
      .setProtectedHeader(header)
      .sign(ours),
    'another user written in': `${head}.${bare({ ...claimsOf(good), sub: 'somebody' })}.${signature}`,
    'signature cut short': good.slice(0, -2),
    'signature left out': `${head}.${body}.`,
    'a part left out': `${head}.${body}`,
    'a part too many': `${good}.${signature}`,
    'the refresh token': refreshToken,
    'no token at all': 'nonsense',
    huge: `${head}.${'A'.repeat(3_500)}.${signature}`,
  };
}

describe('access tokens', () => {
  it('carry who and which session, and nothing else', async () => {
    const { accessToken, user, sessionId } = await signIn();
    expect(claimsOf(accessToken)).toEqual({
      sub: user.id,
      sid: sessionId,
      iss: 'cartwright',
      aud: 'cartwright',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
    });
  });

  it('that are not ours all get one and the same answer', async () => {
    const { accessToken, refreshToken } = await signIn();
    expect(await answerTo(accessToken)).toMatchObject({ status: 200 });
    const answers = new Map<string, string[]>();
    for (const [name, token] of Object.entries(await forgeries(accessToken, refreshToken))) {
      const answer = JSON.stringify(await answerTo(token));
      answers.set(answer, [...(answers.get(answer) ?? []), name]);
    }
    expect([...answers.values()]).toHaveLength(1);
    const [only = ''] = answers.keys();
    expect(JSON.parse(only)).toMatchObject({ status: 401, body: expect.stringContaining('"UNAUTHENTICATED"') });
    expect(await answerTo(accessToken)).toMatchObject({ status: 200 });
  });

  it('that are not ours open no socket for anybody', async () => {
    const { accessToken, refreshToken } = await signIn();
    const api = shop.apis[0];
    if (!api) throw new Error('No API');
    const forged = await forgeries(accessToken, refreshToken);
    for (const name of ['algorithm none', 'signed by a stranger', 'expired', 'the refresh token']) {
      const socket = await openRawSocket(api, { token: forged[name] ?? '' });
      socket.send(1, 'query', 'account.me');
      await expect.poll(() => socket.replies.at(-1)?.error?.json.data.reason).toBe('UNAUTHENTICATED');
      socket.client.close();
    }
  });

  it('outlive a change of keys, and name the keys they are verified with', async () => {
    const { accessToken: old } = await signIn();
    const fresh = { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: 'fresh' };
    const keys = [fresh, ...keysOf(shop.env)];
    const api = await startHost('api', { ...shop.env, JWT_KEYS: JSON.stringify({ keys }) });
    onTestFinished(async () => void (await api.stop()));
    expect(await answerTo(old, api.url)).toMatchObject({ status: 200 });
    const { accessToken } = signedIn(await shop.client(api).api.auth.login.mutate(account));
    expect(JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      kid: 'fresh',
    });
    // An instance that doesn't have the new key yet refuses it, and the client refreshes.
    expect(await answerTo(accessToken)).toMatchObject({ status: 401 });
    const published = (await (await fetch(`${api.url}/.well-known/jwks.json`)).json()) as { keys: Partial<Jwk>[] };
    expect(published.keys.map(({ kid }) => kid)).toEqual(['fresh', 'test']);
    for (const key of published.keys) expect(key).not.toHaveProperty('d');
  });
});
