import { DomainError } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import type { TokenIssuer } from '@cartwright/platform-security';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { RefreshTokens } from './refresh-token.ts';
import type { Session, SessionStore } from './session-store.ts';

/** Going on with a session by its refresh token. */
export function createRefreshing(dependencies: {
  sessions: Pick<SessionStore, 'load' | 'rotate' | 'end'>;
  refreshTokens: RefreshTokens;
  tokens: Pick<TokenIssuer, 'issue'>;
  limits: Pick<AuthLimits, 'refreshing'>;
  audit: AuditPort;
  logger: Logger;
}) {
  const { sessions, refreshTokens, tokens, limits, audit, logger } = dependencies;

  /** The session has ended by then, whatever becomes of the entry. */
  async function noteReuse({ userId, id: sessionId }: Session, { ip, userAgent }: ClientFacts): Promise<void> {
    const actor = { kind: 'user' as const, id: userId };
    await audit
      .append({ action: 'refresh.reused', actor, outcome: 'refused', sessionId, ip, userAgent })
      .catch((error: unknown) => logger.error({ err: error, userId }, 'a reuse is missing in the audit log'));
  }

  return {
    /**
     * Exchanges a refresh token. The same one may be presented again within 30 s, as after a lost answer, and gets the
     * same successor. Throws REFRESH_TOKEN_REUSED for an older one (its session is ended), else REFRESH_TOKEN_INVALID.
     */
    async refresh(refreshToken: string, facts: ClientFacts) {
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
          await noteReuse(session, facts);
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
