import { Long, type Doc } from '../bson/index.ts';
import type { CommandContext } from '../server/context.ts';
import type { CursorReply } from '../server/reply.ts';
import { createRows, takeBatch } from '../sessions/cursors.ts';
import { freeze } from '../storage/state.ts';
import { checkInnerFields, optionalCount } from './args.ts';

/** Documents of a first batch when the client names no size. */
export const DEFAULT_BATCH = 101;

/** Answers the first batch and keeps a cursor for the rest. `options` is the command's `cursor` document. */
export function cursorReplyOf(
  context: CommandContext,
  ns: string,
  source: Iterator<Uint8Array>,
  options: Doc | undefined,
): CursorReply {
  const size = batchSizeOf(options);
  return firstBatch(context, { ns, source, size, singleBatch: false, noTimeout: false });
}

/** What the `cursor` document of a command may hold. */
export const CURSOR_FIELDS = new Set(['batchSize']);

/** How many documents the `cursor` document of a command asks for at first. @throws MongoError 14, 40415, 51024 */
export function batchSizeOf(options: Doc | undefined): number {
  if (options === undefined) return DEFAULT_BATCH;
  checkInnerFields('cursor', options, CURSOR_FIELDS);
  return optionalCount(options, 'batchSize', 'cursor.batchSize') ?? DEFAULT_BATCH;
}

/** Answers the first `size` rows; with `singleBatch` nothing is kept. */
export function firstBatch(
  context: CommandContext,
  {
    ns,
    source,
    size,
    limit = Infinity,
    singleBatch,
    noTimeout,
  }: {
    ns: string;
    source: Iterator<Uint8Array>;
    size: number;
    /** How many rows there are at most: a batch that holds as many needs no cursor. */
    limit?: number;
    singleBatch: boolean;
    noTimeout: boolean;
  },
): CursorReply {
  const rows = createRows(source);
  const { batch, more } = takeBatch(rows, size);
  if (!more || singleBatch || batch.length >= limit) return { field: 'firstBatch', batch, id: Long.ZERO, ns };
  // The rows are read later from the data as it is now, whatever is written in between.
  freeze(context.writer.store);
  const { server } = context;
  const leftMs = context.deadline - server.now();
  const cursor = server.cursors.open({
    ns,
    rows,
    sessionKey: context.session?.key ?? null,
    transactionKey: context.transactionKey,
    noTimeout,
    resume() {
      context.deadline = server.now() + leftMs;
    },
  });
  return { field: 'firstBatch', batch, id: cursor.id, ns };
}
