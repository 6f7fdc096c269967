import { SignJWT, UnsecuredJWT, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprint } from './canonical-json.ts';
import { createPasswordHasher } from './password.ts';
import { networkOf } from './rate-limit.ts';
import { createTokenIssuer, generateSigningKeys } from './token-issuer.ts';
import { deriveSuccessor, timingSafeEqualStrings } from './tokens.ts';

const settings = { issuer: 'https://shop.test', audience: 'cartwright', ttlSeconds: 600 };

describe('access tokens', () => {
  it('are read back', async () => {
    const issuer = await createTokenIssuer({ ...settings, keys: await generateSigningKeys() });
    const token = await issuer.issue({ userId: 'u1', sessionId: 's1' });
    expect(await issuer.verify(token)).toMatchObject({ userId: 'u1', sessionId: 's1' });
  });

  it('stay valid when a new key signs', async () => {
    const old = await generateSigningKeys();
    const before = await createTokenIssuer({ ...settings, keys: old });
    const token = await before.issue({ userId: 'u1', sessionId: 's1' });
    const { keys: fresh } = await generateSigningKeys();
    const after = await createTokenIssuer({ ...settings, keys: { keys: [...fresh, ...old.keys] } });
    expect((await after.verify(token)).userId).toBe('u1');
    expect(after.publicKeys().keys.map((key) => Object.keys(key))).not.toContain('d');
  });

  it('are refused alike when forged, expired, or made for something else', async () => {
    const keys = await generateSigningKeys();
    const issuer = await createTokenIssuer({ ...settings, keys });
    const good = await issuer.issue({ userId: 'u1', sessionId: 's1' });
    const [first] = keys.keys;
    if (!first) throw new Error('no key');
    const key = await importJWK({ ...first }, 'EdDSA');
    const sign = (header: { typ?: string; kid?: string }, audience = settings.audience, expires = '10m') =>
      new SignJWT({ sid: 's1' })
        .setProtectedHeader({ alg: 'EdDSA', ...header })
        .setSubject('u1')
        .setIssuer(settings.issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(expires)
        .sign(key);
    const wrong = [
      '',
      'x.y.z',
      `${good}x`,
      good.slice(0, -2),
      new UnsecuredJWT({ sid: 's1' }).setSubject('u1').setIssuer(settings.issuer).setAudience('cartwright').encode(),
      await sign({ typ: 'JWT', kid: first.kid }),
      await sign({ typ: 'at+jwt' }),
      await sign({ typ: 'at+jwt', kid: '../../etc/passwd' }),
      await sign({ typ: 'at+jwt', kid: first.kid }, 'another'),
      await sign({ typ: 'at+jwt', kid: first.kid }, settings.audience, '-1s'),
      await new SignJWT({ sid: 's1' })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: first.kid })
        .setSubject('u1')
        .setIssuer(settings.issuer)
        .setAudience(settings.audience)
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(Buffer.from(first.x)),
      'a'.repeat(100_000),
    ];
    for (const token of wrong) {
      await expect(issuer.verify(token)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
    }
    expect((await issuer.verify(await sign({ typ: 'at+jwt', kid: first.kid }))).sessionId).toBe('s1');
  });
});

describe('passwords', () => {
  it('verify, and never for an unknown account', async () => {
    const hasher = createPasswordHasher();
    const hash = await hasher.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify('correct horse', hash)).toBe(true);
    expect(await hasher.verify('wrong horse', hash)).toBe(false);
    for (const none of [undefined, '']) expect(await hasher.verify('no account has this password', none)).toBe(false);
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [{ y: undefined, x: null }] })).toBe('{"a":[{"x":null}],"b":1}');
    expect(fingerprint({ a: 1, b: new Date(0) })).toBe(fingerprint({ b: new Date(0), a: 1 }));
    expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: 1n }));
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
  });
});

describe('tokens', () => {
  it('have one successor per secret', () => {
    expect(deriveSuccessor('s', 't')).toBe(deriveSuccessor('s', 't'));
    expect(deriveSuccessor('s', 't')).not.toBe(deriveSuccessor('s2', 't'));
    expect(timingSafeEqualStrings('a', 'a')).toBe(true);
    expect(timingSafeEqualStrings('a', 'ab')).toBe(false);
  });
});

describe('networks for rate limits', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s counts as %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
