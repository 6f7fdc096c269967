import { Doc, isNumber } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';

const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'findandmodify']);

/** Whether the command is one that writes, so that even what it found already done has to last. */
export const isWrite = (name: string): boolean => WRITES.has(name);

/** Reads that are never to see what a crash can take back. Others see each commit at once, as on MongoDB. */
export function readsDurably(args: Doc): boolean {
  const concern = args.get('readConcern');
  const level = concern instanceof Doc ? concern.get('level') : undefined;
  return level === 'majority' || level === 'linearizable';
}

const MAX_TIME_MS = 2 ** 31 - 1;

/** The client's time limit in milliseconds; 0 for none. @throws MongoError 2 when timers can't hold it. */
export function timeLimit(args: Doc): number {
  const given = args.get('maxTimeMS');
  if (!isNumber(given)) return 0;
  const limit = numberOf(given);
  if (!(limit >= 0 && limit <= MAX_TIME_MS)) {
    throw new MongoError(2, `${limit} value for maxTimeMS is out of range [0, ${MAX_TIME_MS}]`);
  }
  return limit;
}

/**
 * Waits for a transaction to end, at most until the client's time limit or until the client is gone.
 * @throws MongoError 50, 279
 */
export function waitFor(ended: Promise<void>, limitMs: number, client: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: MongoError | null): void => {
      clearTimeout(timer);
      client?.removeEventListener('abort', disconnected);
      if (error === null) resolve();
      else reject(error);
    };
    const disconnected = (): void => settle(new MongoError(279, 'operation was interrupted: the client disconnected'));
    const expired = (): void => settle(new MongoError(50, 'operation exceeded time limit'));
    const timer = limitMs === Infinity ? undefined : setTimeout(expired, Math.max(0, limitMs));
    if (client === undefined || client.aborted) disconnected();
    else client.addEventListener('abort', disconnected);
    void ended.then(() => settle(null));
  });
}
