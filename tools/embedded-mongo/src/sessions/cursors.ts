import { randomBytes } from 'node:crypto';
import { Long } from '../bson/index.ts';
import type { Tail } from '../changes/tail.ts';

/** An open cursor: what is left to answer, and who may ask for it. */
export interface Cursor {
  readonly id: Long;
  readonly ns: string;
  readonly rows: Rows;
  /** Present for change streams, whose events come from here. */
  readonly tail?: Tail;
  readonly sessionKey: string | null;
  /** The transaction the cursor was opened in, as `<session>:<number>`; it can only be read there. */
  readonly transactionKey: string | null;
  readonly noTimeout: boolean;
  /** Its collection is gone: whoever asks once more is told so. */
  readonly dropped?: boolean;
  /** Called before more rows are read: the time limit goes on from where the last batch left it. */
  resume(): void;
  lastUsedAt: number;
}

/** A stream of encoded documents that can put one back: the one that did not fit into a batch. */
export interface Rows {
  next(): Uint8Array | null;
  putBack(row: Uint8Array): void;
}

export function createRows(source: Iterator<Uint8Array>): Rows {
  let kept: Uint8Array | null = null;
  return {
    next() {
      if (kept !== null) {
        const row = kept;
        kept = null;
        return row;
      }
      const step = source.next();
      return step.done === true ? null : step.value;
    },
    putBack(row) {
      kept = row;
    },
  };
}

const BATCH_BYTES = 16 * 1024 * 1024;

/** Takes rows until the batch holds `count` of them or 16 MB. `more` tells whether rows may be left. */
export function takeBatch(rows: Rows, count: number): { batch: Uint8Array[]; more: boolean } {
  const batch: Uint8Array[] = [];
  let bytes = 0;
  while (batch.length < count) {
    const row = rows.next();
    if (row === null) return { batch, more: false };
    bytes += row.length + 12;
    if (batch.length > 0 && bytes > BATCH_BYTES) {
      rows.putBack(row);
      return { batch, more: true };
    }
    batch.push(row);
  }
  return { batch, more: true };
}

/** Cursors nobody asks for are closed after this long, in milliseconds. */
export const CURSOR_TIMEOUT_MS = 10 * 60 * 1000;

export type CursorRegistry = ReturnType<typeof createCursorRegistry>;

export function createCursorRegistry(now: () => number) {
  const cursors = new Map<string, Cursor>();

  function remove(key: string): boolean {
    cursors.get(key)?.tail?.stop();
    return cursors.delete(key);
  }

  function removeWhere(match: (cursor: Cursor) => boolean): void {
    for (const [key, cursor] of cursors) if (match(cursor)) remove(key);
  }

  /** Change streams are left alone: they outlive their collection, to tell that it is gone. */
  function dropWhere(match: (cursor: Cursor) => boolean): void {
    const rows: Rows = { next: () => null, putBack: () => undefined };
    for (const [key, cursor] of cursors) {
      if (cursor.tail === undefined && match(cursor)) {
        cursors.set(key, { ...cursor, rows, noTimeout: false, dropped: true });
      }
    }
  }

  return {
    open(options: Omit<Cursor, 'id' | 'lastUsedAt'>): Cursor {
      let id: Long;
      do {
        const bytes = randomBytes(8);
        id = new Long(bytes.readInt32LE(0), bytes.readInt32LE(4) & 0x7fffffff);
      } while (id.isZero() || cursors.has(id.toString()));
      const cursor: Cursor = { ...options, id, lastUsedAt: now() };
      cursors.set(id.toString(), cursor);
      return cursor;
    },
    get(id: Long): Cursor | undefined {
      const cursor = cursors.get(id.toString());
      if (cursor !== undefined) cursor.lastUsedAt = now();
      return cursor;
    },
    /** Whether the cursor is a change stream's. */
    isTail: (id: Long): boolean => cursors.get(id.toString())?.tail !== undefined,
    close: (id: Long): boolean => remove(id.toString()),
    /** Closes the change streams whose reader waits over a connection that is gone. */
    closeConnection: (id: number): void => removeWhere((cursor) => cursor.tail?.reader === id),
    closeNamespace: (ns: string): void => dropWhere((cursor) => cursor.ns === ns),
    closeDatabase: (db: string): void => dropWhere((cursor) => cursor.ns.startsWith(`${db}.`)),
    closeSession: (key: string): void => removeWhere((cursor) => cursor.sessionKey === key),
    closeTransaction: (key: string): void => removeWhere((cursor) => cursor.transactionKey === key),
    closeIdle(): void {
      const limit = now() - CURSOR_TIMEOUT_MS;
      const isWaiting = ({ tail }: Cursor): boolean => tail !== undefined && tail.reader !== null;
      removeWhere((cursor) => !cursor.noTimeout && !isWaiting(cursor) && cursor.lastUsedAt < limit);
    },
    count: (): number => cursors.size,
  };
}
