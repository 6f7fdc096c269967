import { defineScript, type Redis } from '@cartwright/platform-redis';
import { hashToken, randomToken } from '@cartwright/platform-security';
import type { User } from './user.ts';

const CHALLENGE_MS = 5 * 60_000;
const TRIES = 5;

/** A sign-in whose password was right and whose second factor is still to be shown. */
export interface LoginChallenge {
  readonly userId: string;
  readonly deviceName: string;
  /** Tells whether the password is still the one that was given. */
  readonly passwordMark: string;
}

/** What the challenge keeps of the password: enough to see that it was changed, and nothing to go by. */
export const passwordMarkOf = ({ passwordHash }: Pick<User, 'passwordHash'>): string => hashToken(passwordHash);

/**
 * KEYS challenge; ARGV tries. Counts a try before anything of it is looked at, and answers the fields: none when the
 * challenge is gone or this is a try too many.
 */
const tryScript = defineScript<readonly (string | null)[]>({
  lua: `
    if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
    if redis.call('HINCRBY', KEYS[1], 'tries', 1) > tonumber(ARGV[1]) then
      redis.call('DEL', KEYS[1])
      return {}
    end
    return redis.call('HMGET', KEYS[1], 'userId', 'deviceName', 'passwordMark')
  `,
  parse: (raw) => (Array.isArray(raw) ? raw.map((value) => (typeof value === 'string' ? value : null)) : []),
});

/** Challenges in Redis, good on every instance: for five minutes and five tries, and for one sign-in. */
export function createLoginChallenges({ redis }: { redis: Pick<Redis, 'client' | 'key'> }) {
  const { client } = redis;
  const keyOf = (challenge: string): string => redis.key('login-challenge', hashToken(challenge));

  return {
    async open(user: User, { deviceName = '' }: { deviceName?: string | undefined }): Promise<string> {
      const challenge = randomToken();
      const facts: LoginChallenge = { userId: user.id, deviceName, passwordMark: passwordMarkOf(user) };
      await client.multi().hset(keyOf(challenge), facts).pexpire(keyOf(challenge), CHALLENGE_MS).exec();
      return challenge;
    },

    /** Counts a try. Null when the challenge is unknown, too old, used, or tried too often. */
    async try(challenge: string): Promise<LoginChallenge | null> {
      const [userId, deviceName, passwordMark] = await tryScript.run(client, [keyOf(challenge)], [TRIES]);
      return userId && passwordMark ? { userId, deviceName: deviceName ?? '', passwordMark } : null;
    },

    /** Ends a challenge that was met; false when somebody else did first. */
    async close(challenge: string): Promise<boolean> {
      return (await client.del(keyOf(challenge))) === 1;
    },
  };
}

export type LoginChallenges = ReturnType<typeof createLoginChallenges>;
