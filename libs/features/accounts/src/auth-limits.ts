import type { Redis } from '@cartwright/platform-redis';
import { createRateLimiter, hashToken, networkOf, type RateLimiter } from '@cartwright/platform-security';
import type { AccountLimits, Limit } from './accounts.ports.ts';
import { normalizeEmail } from './user.ts';

const FAMILIAR_SECONDS = 30 * 24 * 3_600;

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
  const secondFactorPair = limiter('second-factor-pair', limits.secondFactorPerAccountAndNetwork);
  const secondFactorAccount = limiter('second-factor-account', limits.secondFactorPerAccount);
  const mailNetwork = limiter('mail', limits.mailPerNetwork);
  const mailPair = limiter('mail-pair', limits.mailPerAddressAndNetwork);
  const mailAddress = limiter('mail-address', limits.mailPerAddress);
  const token = limiter('mailed-token', limits.tokenPerNetwork);
  const dataExport = limiter('data-export', limits.exportPerAccount);
  const download = limiter('data-download', limits.downloadPerNetwork);
  const password = limiter('password', limits.passwordPerAccount);
  const pairOf = (email: string, ip: string): string => `${normalizeEmail(email)}\n${networkOf(ip)}`;

  /**
   * Set where an address was signed in with its password, and where a user (by id) has shown the second factor: attackers
   * elsewhere can't use up the tries from there.
   */
  const familiarKey = (who: string, ip: string): string => redis.key('familiar-network', hashToken(pairOf(who, ip)));
  const isFamiliar = async (who: string, ip: string): Promise<boolean> =>
    (await redis.client.exists(familiarKey(who, ip))) === 1;
  const makeFamiliar = (who: string, ip: string) => redis.client.set(familiarKey(who, ip), '1', 'EX', FAMILIAR_SECONDS);

  return {
    registering: (ip: string): Promise<void> => register.consume(networkOf(ip)),
    /** The narrowest limit first: tries it refuses don't use up the account's. */
    async loggingIn(email: string, ip: string): Promise<void> {
      await loginPair.consume(pairOf(email, ip));
      await login.consume(networkOf(ip));
      if (!(await isFamiliar(email, ip))) await loginAccount.consume(normalizeEmail(email));
    },
    /** The owner is in: mistypings from here no longer count, and this try didn't either. */
    async loggedIn(email: string, ip: string): Promise<void> {
      const familiar = await isFamiliar(email, ip);
      await Promise.all([loginPair.reset(pairOf(email, ip)), login.refund(networkOf(ip))]);
      if (!familiar) await loginAccount.refund(normalizeEmail(email));
      await makeFamiliar(email, ip);
    },
    /**
     * As `loggingIn`, for codes of the second factor: one budget for all challenges and all else that asks for a code.
     * Answers what to call when the code was good.
     */
    async provingSecondFactor(userId: string, ip: string): Promise<() => Promise<void>> {
      await secondFactorPair.consume(pairOf(userId, ip));
      const familiar = await isFamiliar(userId, ip);
      if (!familiar) await secondFactorAccount.consume(userId);
      return async () => {
        await makeFamiliar(userId, ip);
        await secondFactorPair.reset(pairOf(userId, ip));
        if (!familiar) await secondFactorAccount.refund(userId);
      };
    },
    /** A mail to an address that somebody names, who may be a stranger to it. */
    async askingForMail(email: string, ip: string): Promise<void> {
      await mailPair.consume(pairOf(email, ip));
      await mailNetwork.consume(networkOf(ip));
      await mailAddress.consume(normalizeEmail(email));
    },
    exportingData: (userId: string): Promise<void> => dataExport.consume(userId),
    downloading: (ip: string): Promise<void> => download.consume(networkOf(ip)),
    usingToken: (ip: string): Promise<void> => token.consume(networkOf(ip)),
    /** The password of somebody who is signed in. */
    givingPassword: (userId: string): Promise<void> => password.consume(userId),
    gavePassword: (userId: string): Promise<void> => password.reset(userId),
    refreshing: (ip: string): Promise<void> => refresh.consume(networkOf(ip)),
  };
}

export type AuthLimits = ReturnType<typeof createAuthLimits>;
