import { isLong, isNumber, Long } from '../bson/index.ts';
import type { Tail } from '../changes/tail.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import type { CursorReply } from '../server/reply.ts';
import { takeBatch, type Cursor } from '../sessions/cursors.ts';
import { optionalCount, requiredString } from './args.ts';

/** How long a getMore of a change stream waits for news when the client does not say, in milliseconds. */
const DEFAULT_WAIT_MS = 1000;

export const getMore: Command = {
  name: 'getMore',
  fields: new Set(['collection', 'batchSize']),
  transactional: true,
  run(context) {
    const { server, args } = context;
    const cursor = cursorOf(context);
    const size = optionalCount(args, 'batchSize', 'getMore.batchSize');
    const count = size === undefined || size === 0 ? Infinity : size;
    if (cursor.tail !== undefined) return followTail(context, cursor, cursor.tail, count);
    if (args.has('maxTimeMS')) {
      throw new MongoError(2, 'cannot set maxTimeMS on getMore command for a non-awaitData cursor');
    }
    cursor.resume();
    let open = false;
    try {
      const { batch, more } = takeBatch(cursor.rows, count);
      open = more;
      return { field: 'nextBatch', batch, id: more ? cursor.id : Long.ZERO, ns: cursor.ns };
    } finally {
      // After an error as well: what was read before it is gone, so asking again must not look like the end.
      if (!open) server.cursors.close(cursor.id);
    }
  },
};

/** The cursor the command names. @throws MongoError when there is none, or it is not the client's. */
function cursorOf({ server, args, db, session, transactionKey }: CommandContext): Cursor {
  const id = args.values[0];
  if (!isLong(id)) throw new MongoError(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  const collection = requiredString(args, 'collection', 'getMore.collection');
  const cursor = server.cursors.get(id);
  if (cursor === undefined) throw new MongoError(43, `cursor id ${id.toString()} not found`);
  if (cursor.ns !== `${db}.${collection}`) {
    throw new MongoError(
      13,
      `Requested getMore on namespace '${db}.${collection}', but cursor belongs to a different namespace ${cursor.ns}`,
    );
  }
  checkSession(id, cursor, session?.key ?? null);
  if (cursor.dropped === true) {
    server.cursors.close(id);
    throw new MongoError(175, 'collection dropped');
  }
  checkTransaction(id, cursor, transactionKey);
  return cursor;
}

/** Codes as MongoDB's for a cursor of no session, a command of no session, and two that differ. */
function checkSession(id: Long, { sessionKey: own }: Cursor, asking: string | null): void {
  if (own === asking) return;
  const what = `Cannot run getMore on cursor ${id.toString()}`;
  if (own === null) throw new MongoError(50736, `${what}, which was not created in a session, in session ${asking}`);
  if (asking === null) throw new MongoError(50737, `${what}, which was created in session ${own}, without an lsid`);
  throw new MongoError(50738, `${what}, which was created in session ${own}, in session ${asking}`);
}

/** The same for transactions. */
function checkTransaction(id: Long, { transactionKey: own }: Cursor, asking: string | null): void {
  if (own === asking) return;
  const what = `Cannot run getMore on cursor ${id.toString()}`;
  if (own === null) throw new MongoError(50739, `${what}, which was not created in a transaction, in one`);
  if (asking === null) throw new MongoError(50740, `${what}, which was created in a transaction, without a txnNumber`);
  throw new MongoError(50741, `${what}, which was created in another transaction`);
}

/** Answers what a change stream has; its time limit is how long it may wait for something. */
async function followTail(context: CommandContext, cursor: Cursor, tail: Tail, count: number): Promise<CursorReply> {
  const { server, args, connectionId } = context;
  const limit = args.get('maxTimeMS');
  const waitMs = isNumber(limit) && numberOf(limit) > 0 ? numberOf(limit) : DEFAULT_WAIT_MS;
  try {
    const { batch, token, closed } = await tail.next({ count, waitMs, connectionId });
    if (closed) server.cursors.close(cursor.id);
    const id = closed ? Long.ZERO : cursor.id;
    return { field: 'nextBatch', batch, id, ns: cursor.ns, postBatchResumeToken: token };
  } catch (error) {
    // A reader that came too early leaves the other one at its work; after anything else the stream can't go on.
    if (!(error instanceof MongoError) || error.code !== 36) server.cursors.close(cursor.id);
    throw error;
  }
}
