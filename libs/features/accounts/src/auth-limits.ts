import type { Redis } from '@cartwright/platform-redis';
import { createRateLimiter, networkOf, type RateLimiter } from '@cartwright/platform-security';
import type { AccountLimits, Limit } from './accounts.ports.ts';
import { normalizeEmail } from './user.ts';

/** Counts tries before anything is evaluated. All throw RATE_LIMITED. */
export function createAuthLimits(options: { redis: Pick<Redis, 'client' | 'key'>; limits: AccountLimits }) {
  const { redis, limits } = options;
  const limiter = (name: string, { points, seconds }: Limit): RateLimiter =>
    createRateLimiter({ redis, name, points, durationSeconds: seconds });
  const register = limiter('register', limits.registerPerNetwork);
  const login = limiter('login', limits.loginPerNetwork);
  const loginPair = limiter('login-pair', limits.loginPerAccountAndNetwork);
  const loginAccount = limiter('login-account', limits.loginPerAccount);
  const refresh = limiter('refresh', limits.refreshPerNetwork);
  const pairOf = (email: string, ip: string): string => `${normalizeEmail(email)}\n${networkOf(ip)}`;

  return {
    registering: (ip: string): Promise<void> => register.consume(networkOf(ip)),
    /** The narrowest limit first: tries it refuses don't use up the account's. */
    async loggingIn(email: string, ip: string): Promise<void> {
      await loginPair.consume(pairOf(email, ip));
      await login.consume(networkOf(ip));
      await loginAccount.consume(normalizeEmail(email));
    },
    /** The owner is in: mistypings from here no longer count, and this try didn't either. */
    async loggedIn(email: string, ip: string): Promise<void> {
      const refunds = [login.refund(networkOf(ip)), loginAccount.refund(normalizeEmail(email))];
      await Promise.all([loginPair.reset(pairOf(email, ip)), ...refunds]);
    },
    refreshing: (ip: string): Promise<void> => refresh.consume(networkOf(ip)),
  };
}

export type AuthLimits = ReturnType<typeof createAuthLimits>;
