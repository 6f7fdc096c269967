import type { DomainError } from '@cartwright/domain-errors';
import type { Role } from '@cartwright/domain-permissions';
import type { Logger } from '@cartwright/platform-logger';
import type { AuditTrail } from './audit.sealed.ts';

/** Who is calling. Role and session are read from the session record with each call, not from the token. */
export type Principal = {
  userId: string;
  sessionId: string;
  role: Role;
  emailVerified: boolean;
  /** Until when the user counts as having just shown in this session who they are; `requireStepUp` looks at it. */
  stepUpUntil: Date | null;
};

/** What an answer depends on. */
export type AnswerFacts = {
  /** All products that it tells of: it changes with these alone. */
  productIds?: readonly string[] | undefined;
  /** When it becomes another by itself. */
  until?: Date | undefined;
};

/** The facts of a request, made by the host: once per HTTP request, once per socket. */
export type RequestContext = {
  requestId: string;
  /** The client's address, believed proxies considered. */
  ip: string;
  userAgent: string;
  /** The client's country (ISO 3166-1 alpha-2), where a believed proxy names it. */
  country?: string | undefined;
  transport: 'http' | 'ws';
  /** From `x-cart-token` or the connection parameter `cartToken`. */
  cartToken?: string | undefined;
  /** From `x-order-token` or the connection parameter `orderToken`. */
  orderToken?: string | undefined;
  /** From the header `idempotency-key`; never on a batch of several calls. */
  idempotencyKeyHeader?: string | undefined;
  /**
   * Null when no access token was sent. Throws UNAUTHENTICATED for a forged or expired one, SESSION_REVOKED when its
   * session has ended. `fresh` asks for the session as it is now, whatever was read of it before.
   */
  authenticate(options?: { fresh: boolean }): Promise<Principal | null>;
  /** Set when the host can't let this request's calls through, whatever they are: each of them is refused with it. */
  refusal?: DomainError | undefined;
  /**
   * Counts a running subscription in; the answer counts it out. Throws RATE_LIMITED when the socket has too many. Given
   * over WebSocket alone: subscriptions run nowhere else, since only sockets are closed when their session ends.
   */
  openSubscription?: (() => () => void) | undefined;
  /**
   * Looks again whether the caller may go on with what it does for long: throws as the procedure would now. Set by the
   * procedures themselves that ask for a user.
   */
  stillAllowed?: (() => Promise<void>) | undefined;
  /** Given over WebSocket: waits while the client has much left to read; undefined when it hasn't. */
  drained?: (() => Promise<void> | undefined) | undefined;
  /**
   * Given where the answer may be kept for others: takes what it depends on. Without that it holds until anything of the
   * catalog changes.
   */
  answerHolds?: ((facts: AnswerFacts) => void) | undefined;
  /** Keeps what administrators do and read. */
  audit: AuditTrail;
  logger: Logger;
};
