import { DomainError, invalidInput } from '@cartwright/domain-errors';
import type { RequestContext } from './context.sealed.ts';

/**
 * Counts running subscriptions by socket and by owner (a user, or the network of guests) over all sockets of a process.
 * `ofSocket` makes a context's `openSubscription`: RATE_LIMITED beyond either limit.
 */
export const createSubscriptionLimits = () => {
  const byOwner = new Map<string, number>();
  const count = (owner: string, change: 1 | -1): void => {
    const left = (byOwner.get(owner) ?? 0) + change;
    if (left > 0) byOwner.set(owner, left);
    else byOwner.delete(owner);
  };
  return {
    ofSocket: (limits: {
      perSocket: number;
      owner: string;
      perOwner: number;
    }): NonNullable<RequestContext['openSubscription']> => {
      const { perSocket, owner, perOwner } = limits;
      let running = 0;
      return () => {
        if (running >= perSocket || (byOwner.get(owner) ?? 0) >= perOwner) {
          throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 1 });
        }
        running += 1;
        count(owner, 1);
        return () => {
          running -= 1;
          count(owner, -1);
        };
      };
    },
  };
};

/** The refusal of a request whose one idempotency key would have to stand for several calls: a key names one intent. */
export const sharedKeyRefusal = (calls: number, idempotencyKeyHeader: unknown): RequestContext['refusal'] =>
  calls > 1 && idempotencyKeyHeader !== undefined
    ? invalidInput('A batch of several calls takes no idempotency-key header; give each its idempotencyKey')
    : undefined;
