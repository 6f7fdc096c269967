import { networkOf, type RateLimiter } from '@cartwright/platform-security';
import type { Principal, RequestContext } from './context.sealed.ts';
import { isOwnFailure } from './error-shape.ts';
import { contextOf, middleware } from './trpc.ts';

/**
 * A limit on calls of a procedure, by network and, where who calls is known, by user, over all instances: RATE_LIMITED beyond
 * either. It counts all
 * calls, or those alone that are refused, as guesses are; what fails on our side isn't. Stands after
 * `createIdempotency`'s middleware, so that repetitions that are answered from what is kept don't count.
 */
export const createCallLimit = (options: {
  counts: 'calls' | 'refusals';
  byUser?: Pick<RateLimiter, 'consume' | 'refund'>;
  byNetwork: Pick<RateLimiter, 'consume' | 'refund'>;
}) => {
  const { counts, byUser, byNetwork } = options;
  return middleware(async ({ ctx: raw, next }) => {
    const ctx = contextOf(raw) as RequestContext & { principal?: Principal | null };
    const network = networkOf(ctx.ip);
    const userId = byUser && ctx.principal?.userId;
    // The narrower one first: what it refuses doesn't use up what others of the network may do. Counted before the
    // call, or many at once would all find room.
    if (byUser && userId !== undefined) await byUser.consume(userId);
    await byNetwork.consume(network);
    const result = await next();
    // What we fail at ourselves is no guess.
    if (counts === 'refusals' && (result.ok || isOwnFailure(result.error))) {
      const refunds = [byNetwork.refund(network), ...(byUser && userId !== undefined ? [byUser.refund(userId)] : [])];
      for (const refund of await Promise.allSettled(refunds)) {
        if (refund.status === 'rejected')
          ctx.logger.warn({ err: refund.reason }, 'a call could not be taken off its limit');
      }
    }
    return result;
  });
};

export type CallLimit = ReturnType<typeof createCallLimit>;
