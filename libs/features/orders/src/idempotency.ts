import { DomainError } from '@cartwright/domain-errors';
import type { Tx } from '@cartwright/platform-mongo';
import { fingerprint } from '@cartwright/platform-security';
import type { IdempotencyRepository } from './idempotency-repository.ts';

/** One intent of a caller: a repetition has the same key and the same input. */
export interface Intent {
  readonly caller: string;
  readonly procedure: string;
  readonly key: string;
  /** The parsed input without the key. */
  readonly input: unknown;
}

/** Longer than any client retries, and than keys are kept elsewhere. */
const KEPT_MS = 30 * 24 * 3_600 * 1_000;

/**
 * One effect per intent. The record is written in the effect's own transaction, so there is never one without the
 * other, whatever crashes; a refusal leaves no record and frees the key.
 */
export function createIdempotency({ records, clock }: { records: IdempotencyRepository; clock: () => Date }) {
  async function resultOf(id: string, print: string): Promise<string | undefined> {
    const record = await records.byId(id);
    if (!record) return undefined;
    if (record.fingerprint !== print) throw new DomainError('IDEMPOTENCY_KEY_REUSED');
    return record.resultId;
  }

  return {
    /**
     * Runs `effect` unless it has been before, and answers the id of its result. The effect calls `record` in its
     * transaction. When it fails, an earlier or concurrent call with this key may be why: then its result is the answer.
     * Throws IDEMPOTENCY_KEY_REUSED when the key came with other input.
     */
    async once(
      intent: Intent,
      effect: (record: (resultId: string, tx: Tx) => Promise<void>) => Promise<string>,
    ): Promise<{ resultId: string; replayed: boolean }> {
      const id = [intent.caller, intent.procedure, intent.key].join('/');
      const print = fingerprint(intent.input);
      const earlier = await resultOf(id, print);
      if (earlier !== undefined) return { resultId: earlier, replayed: true };
      try {
        const resultId = await effect(async (result, tx) => {
          const now = clock();
          const expiresAt = new Date(now.getTime() + KEPT_MS);
          await records.insert({ _id: id, fingerprint: print, resultId: result, createdAt: now, expiresAt }, tx);
        });
        return { resultId, replayed: false };
      } catch (error) {
        const concurrent = await resultOf(id, print);
        if (concurrent !== undefined) return { resultId: concurrent, replayed: true };
        throw error;
      }
    },
  };
}

export type Idempotency = ReturnType<typeof createIdempotency>;
