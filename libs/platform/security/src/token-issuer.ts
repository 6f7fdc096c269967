import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose';
import { DomainError } from '@cartwright/domain-errors';
import { randomToken } from './tokens.ts';

/** Private Ed25519 keys as a JWKS. The first signs; all verify, so that keys rotate without signing anybody out. */
export type SigningKeySet = {
  keys: readonly { kty: 'OKP'; crv: 'Ed25519'; kid: string; x: string; d: string }[];
};

export type AccessTokenClaims = { userId: string; sessionId: string; expiresAt: Date };

export type TokenIssuer = {
  /** Signs an access token for a session. */
  issue(session: { userId: string; sessionId: string }): Promise<string>;
  /** Reads an access token. Throws the same UNAUTHENTICATED for everything that isn't a valid one of ours. */
  verify(token: string): Promise<AccessTokenClaims>;
  /** The public keys, for `/.well-known/jwks.json`. */
  publicKeys(): { keys: { kty: 'OKP'; crv: 'Ed25519'; kid: string; x: string; use: 'sig'; alg: 'EdDSA' }[] };
};

const ALGORITHM = 'EdDSA';
/** RFC 9068; other tokens of ours can't pass for access tokens. */
const TYPE = 'at+jwt';
const TOKEN_LENGTH_MAX = 2_048;

/** Makes and reads access tokens: JWT, EdDSA only, with issuer, audience and type pinned. */
export const createTokenIssuer = async (options: {
  keys: SigningKeySet;
  issuer: string;
  audience: string;
  ttlSeconds: number;
  clock?: () => Date;
}): Promise<TokenIssuer> => {
  const { keys, issuer, audience, ttlSeconds, clock = () => new Date() } = options;
  const [first] = keys.keys;
  if (!first) throw new Error('There is no key to sign access tokens with');
  const signingKey = await importJWK({ ...first }, ALGORITHM);
  const publicKeys = keys.keys.map(({ kty, crv, kid, x }) => ({
    kty,
    crv,
    kid,
    x,
    use: 'sig' as const,
    alg: 'EdDSA' as const,
  }));
  const keySet = createLocalJWKSet({ keys: publicKeys });

  return {
    issue: ({ userId, sessionId }) => {
      const now = Math.floor(clock().getTime() / 1_000);
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: first.kid })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + ttlSeconds)
        .setJti(randomToken(9))
        .sign(signingKey);
    },
    verify: async (token) => {
      try {
        if (token.length > TOKEN_LENGTH_MAX) throw new Error('too long');
        const { payload, protectedHeader } = await jwtVerify(token, keySet, {
          algorithms: [ALGORITHM],
          issuer,
          audience,
          typ: TYPE,
          requiredClaims: ['exp', 'iat', 'sub', 'sid'],
          currentDate: clock(),
        });
        const { sub, sid, exp } = payload;
        if (protectedHeader.kid === undefined || sub === undefined || typeof sid !== 'string' || exp === undefined) {
          throw new Error('incomplete');
        }
        return { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1_000) };
      } catch {
        // One answer for all defects, and no cause: it would tell a forger how far he came.
        throw new DomainError('UNAUTHENTICATED');
      }
    },
    publicKeys: () => ({ keys: publicKeys }),
  };
};

/** A fresh key set with one key, as JWT_KEYS takes it. */
export const generateSigningKeys = async (): Promise<SigningKeySet> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const { x, d } = await exportJWK(privateKey);
  if (x === undefined || d === undefined) throw new Error('The generated key has no private part');
  return { keys: [{ kty: 'OKP', crv: 'Ed25519', kid: randomToken(8), x, d }] };
};
