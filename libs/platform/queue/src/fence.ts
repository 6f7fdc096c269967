import type { Redis } from 'ioredis';
import { isDuplicateKeyError, sessionOption } from '@cartwright/platform-mongo';
import type { Mongo, Tx } from '@cartwright/platform-mongo';

/**
 * Keeps a job from having an effect twice. A worker that was stopped for longer than its lock lasts goes on afterwards as
 * if nothing had been, while another has taken the job up: whichever comes first has the effect, the other none.
 */
export type Fence = {
  /**
   * Runs `effect` in a transaction together with a record that it has run: once per job and step, whichever worker
   * comes first, also over retries. False, with nothing done, when the record is there already.
   */
  once(step: string, effect: (tx: Tx) => Promise<void>): Promise<boolean>;
  /**
   * Throws a LockLostError when the job isn't this worker's any more. For right before effects that no transaction of
   * ours can hold, like a mail: it leaves a moment, so the receiver should know them again (a key, a message id).
   */
  check(): Promise<void>;
};

/** The job belongs to another worker by now; what is left of this run must be dropped. */
export class LockLostError extends Error {
  override readonly name = 'LockLostError';
}

type StepRow = { _id: string; at: Date };

/** Longer than a job can be around: dead letters are kept for 30 days. */
const KEPT_SECONDS = 60 * 24 * 3_600;

const steps = (mongo: Pick<Mongo, 'connection'>) => mongo.connection.collection<StepRow>('jobSteps');

export type Fences = {
  /** Creates the collection and its index; called once at start. */
  ensureIndexes(): Promise<void>;
  /** The fence of one run. `identity` outlives retries and no wipe of Redis, which begins its ids anew. */
  of(run: { identity: string; lockKey: string; token: string; redis: Pick<Redis, 'get'> }): Fence;
};

/** Fences whose records are kept in MongoDB. */
export const createFences = ({ mongo }: { mongo: Pick<Mongo, 'connection' | 'transaction'> }): Fences => ({
  ensureIndexes: async () => {
    await steps(mongo).createIndex({ at: 1 }, { name: 'step_expiry', expireAfterSeconds: KEPT_SECONDS });
  },
  of: ({ identity, lockKey, token, redis }) => ({
    once: async (step, effect) => {
      const _id = `${identity}/${step}`;
      try {
        await mongo.transaction(async (tx) => {
          // First: of two at once, one waits here or is turned away before it has read anything.
          await steps(mongo).insertOne({ _id, at: new Date() }, sessionOption(tx));
          await effect(tx);
        });
        return true;
      } catch (error) {
        if (isDuplicateKeyError(error) && (await steps(mongo).findOne({ _id })) !== null) return false;
        throw error;
      }
    },
    check: async () => {
      if ((await redis.get(lockKey)) !== token)
        throw new LockLostError(`The job ${identity} was lost to another worker`);
    },
  }),
});
