import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '@cartwright/domain-errors';
import type { Redis } from '@cartwright/platform-redis';
import { hashToken } from './tokens.ts';

export type RateLimiter = {
  /**
   * Counts one use. Throws RATE_LIMITED when the limit is passed. When Redis can't count it throws SERVICE_UNAVAILABLE, or
   * counts in this process against the stricter limit that was given for that: an outage must not open the door to
   * guessing.
   */
  consume(key: string, points?: number): Promise<void>;
  /** Takes one use back: it turned out to be rightful. */
  refund(key: string): Promise<void>;
  /** Forgets what was counted. */
  reset(key: string): Promise<void>;
};

/**
 * A limit of `points` per `durationSeconds`, counted in Redis for all instances together. Keys are hashed: addresses and
 * e-mails don't stand in Redis.
 */
export const createRateLimiter = (options: {
  redis: Pick<Redis, 'client' | 'key'>;
  name: string;
  points: number;
  durationSeconds: number;
  /**
   * What each process allows by itself while Redis is away, for calls that go on without it. They are refused when absent:
   * nothing is evaluated then, as is right for passwords.
   */
  pointsAlone?: number;
}): RateLimiter => {
  const { redis, name, points, durationSeconds, pointsAlone } = options;
  const limiter = new RateLimiterRedis({
    storeClient: redis.client,
    keyPrefix: redis.key('limit', name),
    points,
    duration: durationSeconds,
    rejectIfRedisNotReady: true,
    ...(pointsAlone === undefined
      ? {}
      : { insuranceLimiter: new RateLimiterMemory({ points: pointsAlone, duration: durationSeconds }) }),
  });
  const hashed = (key: string): string => hashToken(key).slice(0, 22);

  return {
    consume: async (key, used = 1) => {
      try {
        await limiter.consume(hashed(key), used);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) {
          throw new DomainError('RATE_LIMITED', {
            retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000)),
          });
        }
        throw new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 2, service: 'redis' }, { cause: refusal });
      }
    },
    refund: async (key) => {
      await limiter.reward(hashed(key));
    },
    reset: async (key) => {
      await limiter.delete(hashed(key));
    },
  };
};

const GROUPS_OF_NETWORK = 4;

/**
 * What an IP address is limited by: an IPv4 address itself, of an IPv6 address its /64 network, as one customer gets a
 * whole one. IPv4 addresses in IPv6 form count as what they are.
 */
export const networkOf = (ip: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  const [address = ''] = ip.split('%');
  if (!isIPv6(address)) return ip;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - tailGroups.length);
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...tailGroups];
  const network = all.slice(0, GROUPS_OF_NETWORK).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
};
