import { createHmac } from 'node:crypto';
import { deriveSuccessor, randomToken, timingSafeEqualStrings } from '@cartwright/platform-security';

/** A refresh token taken apart. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly secret: string;
}

const PART = /^[A-Za-z0-9_-]{16,64}$/;

const sealOf = (key: string, { sessionId, secret }: RefreshToken): string =>
  createHmac('sha256', key).update(`refresh\0${sessionId}\0${secret}`).digest('base64url').slice(0, 22);

/**
 * Refresh tokens: session, secret and a seal. The seal shows that we made the token, however old it is: so an old one
 * that comes back is known for reuse, while an invented one can't end anybody's session.
 */
export function createRefreshTokens({ key }: { key: string }) {
  const format = (token: RefreshToken): string => `${token.sessionId}.${token.secret}.${sealOf(key, token)}`;
  return {
    first: (sessionId: string): RefreshToken => ({ sessionId, secret: randomToken() }),
    /** The one token that follows; the same each time. */
    successor: ({ sessionId, secret }: RefreshToken): RefreshToken => ({
      sessionId,
      secret: deriveSuccessor(key, `${sessionId}.${secret}`),
    }),
    format,
    /** Undefined for anything that we didn't make. */
    parse: (text: string): RefreshToken | undefined => {
      const [sessionId = '', secret = '', seal = '', ...rest] = text.split('.');
      if (rest.length > 0 || !PART.test(sessionId) || !PART.test(secret)) return undefined;
      const token = { sessionId, secret };
      return timingSafeEqualStrings(seal, sealOf(key, token)) ? token : undefined;
    },
  };
}

export type RefreshTokens = ReturnType<typeof createRefreshTokens>;
