import { createCallLimit } from '@cartwright/api-core';
import type { Redis } from '@cartwright/platform-redis';
import { createRateLimiter, networkOf } from '@cartwright/platform-security';

const WINDOW_SECONDS = 10 * 60;
const LOOKUP_WINDOW_SECONDS = 60 * 60;

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
    /** Searches and suggestions that are made anew, since each costs a script: five a second, for people who share an address. */
    searching: createCallLimit({
      counts: 'calls',
      byNetwork: limiter('search-network', { points: 3_000 * networkFactor, alone: 3_000 * networkFactor }),
    }),
  };
}

/** Links to guests' orders that may be asked for by a network, and for an address, over all instances. */
export function createLookupLimit({
  redis,
  networkFactor,
}: {
  redis: Pick<Redis, 'client' | 'key'>;
  networkFactor: number;
}) {
  const limiter = (name: string, points: number) =>
    createRateLimiter({ redis, name, points, durationSeconds: LOOKUP_WINDOW_SECONDS });
  const byNetwork = limiter('lookup-network', 20 * networkFactor);
  const byPair = limiter('lookup-pair', 5);
  const byAddress = limiter('lookup-address', 10);
  return {
    /** The narrowest first, so that what it refuses doesn't use up what others may ask for. Throws RATE_LIMITED. */
    async consume(email: string, ip: string): Promise<void> {
      await byPair.consume(`${email}\n${networkOf(ip)}`);
      await byNetwork.consume(networkOf(ip));
      await byAddress.consume(email);
    },
  };
}
