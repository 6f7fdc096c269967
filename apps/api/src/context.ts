import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { AuditTrail, Principal, RequestContext } from '@cartwright/api-core';
import type { Logger } from '@cartwright/platform-logger';
import { bearerToken, header, requestIdOf } from './request-facts.ts';
import type { SocketFacts } from './socket-server.ts';

export interface ContextOptions {
  addressOf: (request: IncomingMessage) => string;
  countryOf: (request: IncomingMessage) => string | undefined;
  /** The caller behind an access token. Throws UNAUTHENTICATED or SESSION_REVOKED. `fresh`: as its session is now. */
  authenticate: (accessToken: string, options?: { fresh: boolean }) => Promise<Principal>;
  /** Where calls leave what has to stand in the audit log. */
  audit: AuditTrail;
  logger: Logger;
}

/** Makes the context of an HTTP request: its facts, and who calls once somebody asks. */
export function createHttpContext({ addressOf, countryOf, authenticate, audit, logger }: ContextOptions) {
  return (request: IncomingMessage, refusal?: RequestContext['refusal']): RequestContext => {
    const requestId = requestIdOf(request);
    const token = bearerToken(request);
    let principal: Promise<Principal | null> | undefined;
    return {
      requestId,
      ip: addressOf(request),
      country: countryOf(request),
      userAgent: header(request, 'user-agent') ?? '',
      transport: 'http',
      cartToken: header(request, 'x-cart-token'),
      orderToken: header(request, 'x-order-token'),
      idempotencyKeyHeader: header(request, 'idempotency-key'),
      // The calls of one batch share one look at the session.
      authenticate: ({ fresh } = { fresh: false }) => {
        if (token === undefined) return Promise.resolve(null);
        if (fresh) principal = undefined;
        return (principal ??= authenticate(token, { fresh }));
      },
      refusal,
      audit,
      logger: logger.child({ requestId }),
    };
  };
}

/**
 * Makes the context of a socket, built once when it opens from the connection's parameters. `authenticate` looks at the
 * session anew with each call, since a socket may outlive it.
 */
export function createSocketContext({ authenticate, audit, logger }: Omit<ContextOptions, 'addressOf' | 'countryOf'>) {
  // One for all: thousands of sockets are open, and what is logged names its request.
  const socketLogger = logger.child({ transport: 'ws' });
  return ({ ip, country, userAgent, parameters, openSubscription, drained }: SocketFacts): RequestContext => {
    const token = textOf(parameters?.token, 4_096);
    return {
      requestId: randomUUID(),
      ip,
      country,
      userAgent,
      transport: 'ws',
      cartToken: textOf(parameters?.cartToken, 512),
      orderToken: textOf(parameters?.orderToken, 512),
      idempotencyKeyHeader: undefined,
      authenticate: (options) => (token === undefined ? Promise.resolve(null) : authenticate(token, options)),
      openSubscription,
      drained,
      audit,
      logger: socketLogger,
    };
  };
}

const textOf = (value: unknown, max: number): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= max ? value : undefined;
