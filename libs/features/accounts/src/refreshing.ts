import { DomainError } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import type { TokenIssuer } from '@cartwright/platform-security';
import type { ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { RefreshTokens } from './refresh-token.ts';
import type { SessionStore } from './session-store.ts';

/** Going on with a session by its refresh token. */
export function createRefreshing(dependencies: {
  sessions: Pick<SessionStore, 'load' | 'rotate' | 'end'>;
  refreshTokens: RefreshTokens;
  tokens: Pick<TokenIssuer, 'issue'>;
  limits: Pick<AuthLimits, 'refreshing'>;
  logger: Logger;
}) {
  const { sessions, refreshTokens, tokens, limits, logger } = dependencies;
  return {
    /**
     * Exchanges a refresh token. The same one may be presented again within 30 s, as after a lost answer, and gets the
     * same successor. Throws REFRESH_TOKEN_REUSED for an older one (its session is ended), else REFRESH_TOKEN_INVALID.
     */
    async refresh(refreshToken: string, facts: Pick<ClientFacts, 'ip'>) {
      await limits.refreshing(facts.ip);
      const token = refreshTokens.parse(refreshToken);
      if (!token) throw new DomainError('REFRESH_TOKEN_INVALID');
      const { sessionId } = token;
      const session = await sessions.load(sessionId);
      if (!session) throw new DomainError('REFRESH_TOKEN_INVALID');
      const successor = refreshTokens.successor(token);
      const outcome = await sessions.rotate(token, successor);
      switch (outcome) {
        case 'gone':
          throw new DomainError('REFRESH_TOKEN_INVALID');
        case 'reused':
          logger.warn({ userId: session.userId, sessionId }, 'a refresh token was used again; its session is ended');
          await sessions.end(session.userId, [sessionId]);
          throw new DomainError('REFRESH_TOKEN_REUSED');
        case 'rotated':
        case 'retried': {
          const accessToken = await tokens.issue({ userId: session.userId, sessionId });
          return { accessToken, refreshToken: refreshTokens.format(successor), sessionId };
        }
      }
    },
  };
}
