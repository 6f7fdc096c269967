import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { SocketLimits } from './socket-limits.ts';

/** Codes by which sockets are closed. */
export const CLOSE = { reauthenticate: 4401, goingAway: 1001, policy: 1008 } as const;

/** Who a socket was opened for, by its token. */
export interface SocketOwner {
  sessionId: string;
  userId: string;
  expiresAt: Date;
}

/** A socket with what is known of it. */
export interface OpenSocket {
  readonly client: WebSocket;
  /** The connection below. */
  readonly wire: Duplex;
  readonly network: string;
  readonly openedAt: number;
  owner?: SocketOwner;
  /** Whether a first message came. */
  spoke: boolean;
  heardAt: number;
  pingedAt: number | undefined;
  /** Since when it has had too much left to read. */
  stalledAt: number | undefined;
  /** Messages, and calls in them, since `countedFrom`. */
  messages: number;
  countedFrom: number;
}

/** Closes a socket, and cuts it when the client doesn't answer that: it must not live on by keeping silent. */
function closeSocket(
  client: WebSocket,
  { code, reason, graceMs }: { code: number; reason: string; graceMs: number },
): void {
  client.close(code, reason);
  const cut = setTimeout(() => client.terminate(), graceMs);
  client.once('close', () => clearTimeout(cut));
}

type Groups = Map<string, Set<OpenSocket>>;

function join(groups: Groups, name: string, socket: OpenSocket): void {
  const group = groups.get(name);
  if (group) group.add(socket);
  else groups.set(name, new Set([socket]));
}

function part(groups: Groups, name: string, socket: OpenSocket): void {
  const group = groups.get(name);
  group?.delete(socket);
  if (group?.size === 0) groups.delete(name);
}

/**
 * All sockets of this process: by network to limit them, by session and user to end them. What a socket may do is settled
 * when it opens: it is closed with 4401 when its token or its session ends, and the client opens another one with what it
 * is allowed then. One timer looks after all of them.
 */
export function createOpenSockets(limits: SocketLimits) {
  const all = new Set<OpenSocket>();
  const byNetwork: Groups = new Map();
  const bySession: Groups = new Map();
  const byUser: Groups = new Map();

  const close = ({ client }: OpenSocket, code: number, reason: string): void =>
    closeSocket(client, { code, reason, graceMs: limits.closeMs });
  const reauthenticate = (socket: OpenSocket, reason: string): void => close(socket, CLOSE.reauthenticate, reason);

  function sweep(socket: OpenSocket, now: number): void {
    const { client, wire, owner } = socket;
    if (client.readyState !== client.OPEN) return;
    if (wire.writableLength < limits.drainBytes) socket.stalledAt = undefined;
    else socket.stalledAt ??= now;

    if (socket.stalledAt !== undefined && now - socket.stalledAt >= limits.stallMs) client.terminate();
    else if (!socket.spoke && now - socket.openedAt >= limits.handshakeMs) close(socket, CLOSE.policy, 'No message');
    else if (owner && owner.expiresAt.getTime() <= now) reauthenticate(socket, 'Token expired');
    // What waits for its calls to end isn't read: it can't be heard.
    else if (client.isPaused) socket.heardAt = now;
    else if (socket.pingedAt !== undefined) {
      if (now - socket.pingedAt >= limits.pongMs) client.terminate();
    } else if (now - socket.heardAt >= limits.pingMs) {
      socket.pingedAt = now;
      client.ping();
    }
  }

  /** Counts messages, or the calls that came in one. False beyond the limit of a second: the socket is closed. */
  function isWithinRate(socket: OpenSocket, count: number): boolean {
    const now = Date.now();
    if (now - socket.countedFrom >= 1_000) {
      socket.countedFrom = now;
      socket.messages = 0;
    }
    socket.messages += count;
    if (socket.messages <= limits.messagesPerSecond) return true;
    if (socket.client.readyState === socket.client.OPEN) close(socket, CLOSE.policy, 'Too many messages');
    return false;
  }

  const timer = setInterval(() => {
    const now = Date.now();
    for (const socket of all) sweep(socket, now);
  }, limits.sweepMs);

  return {
    /** Why another socket from this network can't be taken now; undefined when it can. */
    refusalFor(network: string): 'full' | 'network' | undefined {
      if (all.size >= limits.sockets) return 'full';
      return (byNetwork.get(network)?.size ?? 0) >= limits.socketsPerNetwork ? 'network' : undefined;
    },

    add(client: WebSocket, wire: Duplex, network: string): OpenSocket {
      const now = Date.now();
      const socket: OpenSocket = {
        client,
        wire,
        network,
        openedAt: now,
        spoke: false,
        heardAt: now,
        pingedAt: undefined,
        stalledAt: undefined,
        messages: 0,
        countedFrom: now,
      };
      all.add(socket);
      join(byNetwork, network, socket);
      client.once('close', () => {
        all.delete(socket);
        part(byNetwork, network, socket);
        if (!socket.owner) return;
        part(bySession, socket.owner.sessionId, socket);
        part(byUser, socket.owner.userId, socket);
      });
      return socket;
    },

    /** Notes a sign of life. False when there are too many of them: the socket is closed. */
    heard(socket: OpenSocket): boolean {
      const now = Date.now();
      socket.heardAt = now;
      socket.pingedAt = undefined;
      return isWithinRate(socket, 1);
    },

    isWithinRate,

    /** From now on the socket ends with this session. */
    own(socket: OpenSocket, owner: SocketOwner): void {
      if (!all.has(socket)) return;
      socket.owner = owner;
      join(bySession, owner.sessionId, socket);
      join(byUser, owner.userId, socket);
    },

    /** Closes what a session that has ended left open. */
    endSession(sessionId: string): void {
      for (const socket of bySession.get(sessionId) ?? []) reauthenticate(socket, 'Session ended');
    },

    /** Closes all sockets of a user, whatever their sessions. */
    endUser(userId: string): void {
      for (const socket of byUser.get(userId) ?? []) reauthenticate(socket, 'Sessions ended');
    },

    /** Has all sessions looked at anew. */
    reauthenticateAll(): void {
      for (const sockets of bySession.values()) {
        for (const socket of sockets) reauthenticate(socket, 'Please sign in again');
      }
    },

    /** Sends every client away, one after the other, and resolves when all are on their way. */
    async sendAway(notice: string, graceMs: number): Promise<void> {
      clearInterval(timer);
      const open = [...all];
      const step = Math.min(1, limits.spreadMs / Math.max(1, open.length));
      let sent = 0;
      const begun = Date.now();
      while (sent < open.length) {
        const due = Math.min(open.length, Math.floor((Date.now() - begun) / step) + 1);
        for (const { client } of open.slice(sent, due)) {
          if (client.readyState === client.OPEN) client.send(notice);
          closeSocket(client, { code: CLOSE.goingAway, reason: 'Restarting', graceMs });
        }
        sent = due;
        if (sent < open.length) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}
