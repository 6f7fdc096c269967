/** What one socket may ask of this process. */
export interface SocketLimits {
  readonly payloadBytes: number;
  /** Calls in one message. */
  readonly batchSize: number;
  readonly subscriptions: number;
  /** Queries and mutations under way; reading waits until some are answered. */
  readonly pendingCalls: number;
  /** What a slow reader may leave unread before it is cut. */
  readonly bufferedBytes: number;
  /** How long a new socket may stay silent before it says who it is. */
  readonly handshakeMs: number;
  /** How long a client may take to answer the closing of its socket. */
  readonly closeMs: number;
}

export const socketLimits: SocketLimits = {
  payloadBytes: 128 * 1024,
  batchSize: 20,
  subscriptions: 100,
  pendingCalls: 100,
  bufferedBytes: 1024 * 1024,
  handshakeMs: 10_000,
  closeMs: 2_000,
};
