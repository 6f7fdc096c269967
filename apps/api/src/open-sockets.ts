import type { WebSocket } from 'ws';

/** Codes by which sockets are closed. */
export const CLOSE = { reauthenticate: 4401, goingAway: 1001, policy: 1008 } as const;

const TIMER_MAX_MS = 2 ** 31 - 1;

/** Closes a socket, and cuts it when the client doesn't answer that: it must not live on by keeping silent. */
export function closeSocket(
  client: WebSocket,
  { code, reason, graceMs }: { code: number; reason: string; graceMs: number },
): void {
  client.close(code, reason);
  const cut = setTimeout(() => client.terminate(), graceMs);
  client.once('close', () => clearTimeout(cut));
}

/**
 * The sockets of signed-in users, by session. What a socket may do is settled when it opens: it is closed with 4401 when
 * its token or its session ends, and the client opens another one with what it is allowed then.
 */
export function createOpenSockets({ graceMs }: { graceMs: number }) {
  const bySession = new Map<string, Set<WebSocket>>();
  const close = (client: WebSocket, reason: string): void =>
    closeSocket(client, { code: CLOSE.reauthenticate, reason, graceMs });

  return {
    add(client: WebSocket, { sessionId, expiresAt }: { sessionId: string; expiresAt: Date }): void {
      if (client.readyState !== client.OPEN) return;
      const sockets = bySession.get(sessionId) ?? new Set();
      bySession.set(sessionId, sockets.add(client));
      const left = Math.min(Math.max(0, expiresAt.getTime() - Date.now()), TIMER_MAX_MS);
      const expiry = setTimeout(() => close(client, 'Token expired'), left);
      client.once('close', () => {
        clearTimeout(expiry);
        sockets.delete(client);
        if (sockets.size === 0 && bySession.get(sessionId) === sockets) bySession.delete(sessionId);
      });
    },

    /** Closes what a session that has ended left open. */
    endSession(sessionId: string): void {
      for (const client of bySession.get(sessionId) ?? []) close(client, 'Session ended');
    },

    /** Has all sessions looked at anew. */
    reauthenticateAll(): void {
      for (const sockets of bySession.values()) for (const client of sockets) close(client, 'Please sign in again');
    },
  };
}
