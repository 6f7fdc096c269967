/** What sockets may ask of this process. */
export interface SocketLimits {
  /** Sockets of this process, and those of one network (an IPv4 address or an IPv6 /64). */
  readonly sockets: number;
  readonly socketsPerNetwork: number;
  /** Subscriptions of one socket, of one user over all sockets of this process, and of one network's guests. */
  readonly subscriptions: number;
  readonly subscriptionsPerUser: number;
  readonly subscriptionsPerNetwork: number;

  /** Of one message, put together from as many frames. */
  readonly payloadBytes: number;
  readonly fragments: number;
  /** Calls in one message. A client that comes back sends all of its subscriptions at once: as many are let through. */
  readonly batchSize: number;
  /** Messages in one second, pings included, and calls in them. */
  readonly messagesPerSecond: number;
  /** Queries and mutations under way; reading waits until some are answered. */
  readonly pendingCalls: number;

  /** Subscriptions wait while a client has this much left to read; after `stallMs` without an end of that it is cut. */
  readonly drainBytes: number;
  readonly stallMs: number;
  /** What may be left unread in all before a socket is cut at once. */
  readonly bufferedBytes: number;

  /** How long a new socket may stay silent before it says who it is. */
  readonly handshakeMs: number;
  /** A socket that was silent for so long is asked whether it is there, and cut when it doesn't answer in time. */
  readonly pingMs: number;
  readonly pongMs: number;
  /** How long a client may take to answer the closing of its socket. */
  readonly closeMs: number;
  /** When the process stops, clients are sent away over this time at most, one millisecond apart. */
  readonly spreadMs: number;
  /** How often sockets are looked at. */
  readonly sweepMs: number;
}

export const socketLimits: SocketLimits = {
  sockets: 20_000,
  socketsPerNetwork: 1_000,
  subscriptions: 100,
  subscriptionsPerUser: 1_000,
  subscriptionsPerNetwork: 5_000,
  payloadBytes: 128 * 1024,
  fragments: 64,
  batchSize: 20,
  messagesPerSecond: 500,
  pendingCalls: 100,
  drainBytes: 128 * 1024,
  stallMs: 20_000,
  bufferedBytes: 1024 * 1024,
  handshakeMs: 10_000,
  pingMs: 30_000,
  pongMs: 10_000,
  closeMs: 2_000,
  spreadMs: 8_000,
  sweepMs: 1_000,
};
