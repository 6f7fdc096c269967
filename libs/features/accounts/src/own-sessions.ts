import type { Principal } from '@cartwright/api-core';
import { DomainError, notFound } from '@cartwright/domain-errors';
import type { TokenIssuer } from '@cartwright/platform-security';
import type { SessionStore } from './session-store.ts';

/** Telling who calls, and what users do with their own sessions. */
export function createOwnSessions(dependencies: {
  sessions: Pick<SessionStore, 'touch' | 'load' | 'listOf' | 'end' | 'endAllOf'>;
  tokens: Pick<TokenIssuer, 'verify'>;
}) {
  const { sessions, tokens } = dependencies;
  return {
    /** Who calls with this access token. Throws UNAUTHENTICATED (forged, expired) or SESSION_REVOKED (signed out). */
    async authenticate(accessToken: string): Promise<Principal> {
      const { userId, sessionId } = await tokens.verify(accessToken);
      const session = await sessions.touch(sessionId);
      if (!session || session.userId !== userId) throw new DomainError('SESSION_REVOKED');
      const { role, emailVerified, stepUpUntil } = session;
      return { userId, sessionId, role, emailVerified, stepUpUntil };
    },

    logout: (principal: Principal): Promise<void> => sessions.end(principal.userId, [principal.sessionId]),
    logoutAll: (principal: Principal): Promise<void> => sessions.endAllOf(principal.userId),

    /** The user's sessions, the latest first. */
    async listSessions(principal: Principal) {
      const list = await sessions.listOf(principal.userId);
      return list.map(({ id, deviceName, ip, userAgent, createdAt, lastSeenAt }) => {
        const current = id === principal.sessionId;
        return { id, deviceName, ip, userAgent, createdAt, lastSeenAt, current };
      });
    },

    /** Ends one of the user's own sessions. Throws NOT_FOUND for anybody else's. */
    async revokeSession(principal: Principal, sessionId: string): Promise<void> {
      const session = await sessions.load(sessionId);
      if (session?.userId !== principal.userId) throw notFound('session');
      await sessions.end(principal.userId, [sessionId]);
    },
  };
}
