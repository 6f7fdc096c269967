import { createCallLimit } from '@cartwright/api-core';
import type { Redis } from '@cartwright/platform-redis';
import { createRateLimiter } from '@cartwright/platform-security';

const WINDOW_SECONDS = 10 * 60;

/**
 * Limits on calls that are no sign-in; those stand with the accounts. All instances count together; where calls go on
 * without Redis, `alone` is what each process allows by itself then.
 */
export function createCallLimits(options: { redis: Pick<Redis, 'client' | 'key'>; networkFactor: number }) {
  const { redis, networkFactor } = options;
  const limiter = (name: string, { points, alone }: { points: number; alone?: number }) =>
    createRateLimiter({
      redis,
      name,
      points,
      durationSeconds: WINDOW_SECONDS,
      ...(alone === undefined ? {} : { pointsAlone: alone }),
    });
  return {
    /** Without Redis there is neither a session nor a key, so nothing is placed anyway. */
    placing: createCallLimit({
      counts: 'calls',
      byUser: limiter('place-user', { points: 60 }),
      byNetwork: limiter('place-network', { points: 200 * networkFactor }),
    }),
    /** Coupon codes that were refused: guesses. A guest's cart works without Redis. */
    coupons: createCallLimit({
      counts: 'refusals',
      byUser: limiter('coupon-user', { points: 10, alone: 2 }),
      byNetwork: limiter('coupon-network', { points: 30 * networkFactor, alone: 3 * networkFactor }),
    }),
  };
}
