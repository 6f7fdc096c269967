import { DomainError } from '@cartwright/domain-errors';
import { insertLast } from '@cartwright/platform-mongo';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Intent } from './intent.ts';

/** Proof, written in the transaction of an effect, that the effect of an intent exists; and where. */
type RecordRow = {
  /** The intent's id. */
  _id: string;
  procedure: string;
  fingerprint: string;
  /** The id of what was made or changed. */
  resultId: string;
  createdAt: Date;
};

/** Longer than any client retries, and than keys are kept in Redis. */
const KEPT_SECONDS = 30 * 24 * 3_600;

/** Notes in the effect's transaction that it has happened, and the id of its result. */
export type NoteResult = (resultId: string, tx: Tx) => Promise<void>;

export type IdempotencyRecords = {
  /**
   * Runs `effect` unless it has been before, and answers the id of its result. The effect calls `note` in its
   * transaction. When it fails, an earlier or concurrent call with this key may be why: then its result is the answer.
   * Throws IDEMPOTENCY_KEY_REUSED when the key came with other input.
   */
  once(intent: Intent, effect: (note: NoteResult) => Promise<string>): Promise<{ resultId: string; replayed: boolean }>;
  /** Creates the collection and its index; called once at start. */
  ensureIndexes(): Promise<void>;
};

/**
 * One effect per intent where money or stock moves. The record is written in the effect's own transaction, so there is
 * never one without the other, whatever crashes and whatever becomes of Redis; a refusal leaves no record. Of two
 * transactions with one intent, the unique id lets one commit.
 */
export const createIdempotencyRecords = (options: {
  mongo: Pick<Mongo, 'connection'>;
  clock: () => Date;
}): IdempotencyRecords => {
  const { mongo, clock } = options;
  const records = () => mongo.connection.collection<RecordRow>('idempotencyRecords');

  const resultOf = async ({ id, fingerprint }: Intent): Promise<string | undefined> => {
    const record = await records().findOne({ _id: id });
    if (!record) return undefined;
    if (record.fingerprint !== fingerprint) throw new DomainError('IDEMPOTENCY_KEY_REUSED');
    return record.resultId;
  };

  return {
    once: async (intent, effect) => {
      const earlier = await resultOf(intent);
      if (earlier !== undefined) return { resultId: earlier, replayed: true };
      const note: NoteResult = async (resultId, tx) => {
        const { id, procedure, fingerprint } = intent;
        await insertLast(tx, records(), [{ _id: id, procedure, fingerprint, resultId, createdAt: clock() }]);
      };
      try {
        return { resultId: await effect(note), replayed: false };
      } catch (error) {
        const concurrent = await resultOf(intent);
        if (concurrent !== undefined) return { resultId: concurrent, replayed: true };
        throw error;
      }
    },
    ensureIndexes: async () => {
      await records().createIndex({ createdAt: 1 }, { name: 'record_expiry', expireAfterSeconds: KEPT_SECONDS });
    },
  };
};
