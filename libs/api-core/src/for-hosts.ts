import { DomainError, invalidInput } from '@cartwright/domain-errors';
import type { RequestContext } from './context.sealed.ts';

/** Lets so many subscriptions of one socket run at a time; RATE_LIMITED beyond. For a context's `openSubscription`. */
export const limitSubscriptions = (maximum: number): NonNullable<RequestContext['openSubscription']> => {
  let running = 0;
  return () => {
    if (running >= maximum) throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 1 });
    running += 1;
    return () => {
      running -= 1;
    };
  };
};

/** The refusal of a request whose one idempotency key would have to stand for several calls: a key names one intent. */
export const sharedKeyRefusal = (calls: number, idempotencyKeyHeader: unknown): RequestContext['refusal'] =>
  calls > 1 && idempotencyKeyHeader !== undefined
    ? invalidInput('A batch of several calls takes no idempotency-key header; give each its idempotencyKey')
    : undefined;
