import type { Redis } from '@cartwright/platform-redis';
import { randomToken } from '@cartwright/platform-security';
import type { Intent } from './intent.ts';
import { beginScript, freeScript, keepScript, renewScript } from './key-scripts.ts';

/** How long an answer is kept. */
const KEPT_MS = 24 * 3_600 * 1_000;
/** After so long without a sign of life of its holder an intent may be taken over. */
const LEASE_MS = 6_000;
const RENEWALS_PER_LEASE = 3;
const CLAIM_BYTES = 12;

/** The right to carry out an intent, held until it is answered, freed or lost. */
export interface Claim {
  /** Keeps the answer for repetitions. False when another call has taken the intent over: then nothing is stored. */
  keep(answer: string): Promise<boolean>;
  /** Nothing was changed: the next call with this key begins anew. */
  free(): Promise<void>;
}

export type Begun =
  | { state: 'begun'; claim: Claim }
  | { state: 'answered'; answer: string }
  /** Another call is carrying it out. */
  | { state: 'running' }
  /** The key stands for another input. */
  | { state: 'reused' };

/**
 * Idempotency keys in Redis: the fast answer to repetitions, for a day. A call claims its intent for a short lease and
 * renews it while it runs; when it dies, the lease ends and the next call takes over. The claim is the fence: whoever lost
 * it can store nothing any more. What must not happen twice whatever becomes of Redis is recorded in MongoDB besides.
 */
export const createIdempotencyKeys = (options: {
  redis: Pick<Redis, 'client' | 'key'>;
  /** Milliseconds; 6 s. */
  leaseMs?: number;
}) => {
  const { redis, leaseMs = LEASE_MS } = options;
  const { client } = redis;

  const claimOf = (entry: string, token: string): Claim => {
    const stop = (): void => clearInterval(renewal);
    const renewal = setInterval(() => {
      // Redis being away for a moment says nothing of the claim: it is asked again.
      renewScript.run(client, [entry], [token, leaseMs]).then(
        (held) => void (held || stop()),
        () => undefined,
      );
    }, leaseMs / RENEWALS_PER_LEASE).unref();
    return {
      keep: (answer) => keepScript.run(client, [entry], [token, answer, KEPT_MS]).finally(stop),
      free: () => freeScript.run(client, [entry], [token]).finally(stop),
    };
  };

  return {
    /** Claims an intent, or tells what has become of it. Rejects when Redis is away; then nothing was begun. */
    async begin({ id, fingerprint }: Intent): Promise<Begun> {
      const entry = redis.key('intent', id);
      const token = randomToken(CLAIM_BYTES);
      const beginning = await beginScript.run(client, [entry], [fingerprint, token, leaseMs]);
      return beginning.state === 'begun' ? { state: 'begun', claim: claimOf(entry, token) } : beginning;
    },
  };
};

export type IdempotencyKeys = ReturnType<typeof createIdempotencyKeys>;
