import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { IdempotencyRecordDoc, IdempotencyRecordModel } from './idempotency-record.model.ts';

/** Reads and writes idempotency records. */
export function createIdempotencyRepository({ records }: { records: IdempotencyRecordModel }) {
  return {
    byId: (id: string): Promise<IdempotencyRecordDoc | null> =>
      records.findOne({ _id: id }).lean<IdempotencyRecordDoc>(),
    async insert(doc: IdempotencyRecordDoc, tx: Tx): Promise<void> {
      await records.insertMany([doc], sessionOption(tx));
    },
  };
}

export type IdempotencyRepository = ReturnType<typeof createIdempotencyRepository>;
