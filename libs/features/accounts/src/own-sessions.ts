import type { Principal } from '@cartwright/api-core';
import { DomainError, notFound } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import type { TokenIssuer } from '@cartwright/platform-security';
import type { SessionDto } from './accounts.contracts.ts';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
import { deviceOf } from './device.ts';
import type { SessionCheck } from './session-check.ts';
import type { Session, SessionStore } from './session-store.ts';

/** A session as it is shown: by the name that its device gave itself, else by what its user agent looks like. */
export const toSessionDto = (session: Session, currentId?: string): SessionDto => {
  const { id, deviceName, ip, country, userAgent, createdAt, lastSeenAt } = session;
  const shown = { id, ip, userAgent, createdAt, lastSeenAt, current: id === currentId };
  return { ...shown, deviceName: deviceName || deviceOf(userAgent), country: country || null };
};

/** Telling who calls, and what users do with their own sessions. */
export function createOwnSessions(dependencies: {
  sessions: Pick<SessionStore, 'load' | 'listOf' | 'end' | 'endAllOf'>;
  check: Pick<SessionCheck, 'find'>;
  tokens: Pick<TokenIssuer, 'verify'>;
  audit: AuditPort;
  logger: Logger;
}) {
  const { sessions, check, tokens, audit, logger } = dependencies;

  /** The sessions have ended by then: a log that can't be written must not make it look as if they had not. */
  async function noteRevoked({ userId, sessionId }: Principal, which: string, facts: ClientFacts): Promise<void> {
    const { ip, userAgent } = facts;
    const actor = { kind: 'user' as const, id: userId };
    const target = { kind: 'session', id: which };
    await audit
      .append({ action: 'session.revoked', actor, target, outcome: 'ok', sessionId, ip, userAgent })
      .catch((error: unknown) => logger.error({ err: error, userId }, 'a revocation is missing in the audit log'));
  }

  return {
    /**
     * Who calls with this access token. Throws UNAUTHENTICATED (forged, expired) or SESSION_REVOKED (signed out). `fresh`
     * asks for the session as it is now.
     */
    async authenticate(accessToken: string, options?: { fresh: boolean }): Promise<Principal> {
      const { userId, sessionId } = await tokens.verify(accessToken);
      const session = await check.find(sessionId, options);
      if (!session || session.userId !== userId) throw new DomainError('SESSION_REVOKED');
      const { role, emailVerified, stepUpUntil } = session;
      return { userId, sessionId, role, emailVerified, stepUpUntil };
    },

    logout: (principal: Principal): Promise<void> => sessions.end(principal.userId, [principal.sessionId]),
    async logoutAll(principal: Principal, facts: ClientFacts): Promise<void> {
      await sessions.endAllOf(principal.userId);
      await noteRevoked(principal, 'all', facts);
    },

    /** The user's sessions, the latest first. */
    async listSessions(principal: Principal): Promise<SessionDto[]> {
      const list = await sessions.listOf(principal.userId);
      return list.map((session) => toSessionDto(session, principal.sessionId));
    },

    /** Ends one of the user's own sessions. Throws NOT_FOUND for anybody else's. */
    async revokeSession(principal: Principal, sessionId: string, facts: ClientFacts): Promise<void> {
      const session = await sessions.load(sessionId);
      if (session?.userId !== principal.userId) throw notFound('session');
      await sessions.end(principal.userId, [sessionId]);
      await noteRevoked(principal, sessionId, facts);
    },

    /** Ends all of the user's sessions but the one that asks. */
    async revokeOtherSessions(principal: Principal, facts: ClientFacts): Promise<void> {
      await sessions.endAllOf(principal.userId, { except: principal.sessionId });
      await noteRevoked(principal, 'others', facts);
    },
  };
}
