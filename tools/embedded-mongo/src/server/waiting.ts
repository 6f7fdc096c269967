import { MongoError } from '../engine/index.ts';

/** What nobody reads any more: the client's connection is gone. */
export const disconnectedError = (): MongoError =>
  new MongoError(279, 'operation was interrupted: the client disconnected');

/** The client's own time limit is over. */
export const timeLimitError = (): MongoError => new MongoError(50, 'operation exceeded time limit');

/**
 * Waits for something to end, at most for the time given; false when that is over.
 * @throws MongoError 279 when the client goes away meanwhile.
 */
export function endsWithin(ended: Promise<void>, limitMs: number, client: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: boolean | MongoError): void => {
      clearTimeout(timer);
      client?.removeEventListener('abort', disconnected);
      if (typeof outcome === 'boolean') resolve(outcome);
      else reject(outcome);
    };
    const disconnected = (): void => settle(disconnectedError());
    const timer = setTimeout(() => settle(false), Math.max(0, limitMs));
    if (client === undefined || client.aborted) disconnected();
    else client.addEventListener('abort', disconnected);
    void ended.then(() => settle(true));
  });
}
