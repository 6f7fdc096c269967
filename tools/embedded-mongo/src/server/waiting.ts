import { MongoError } from '../engine/index.ts';

/**
 * Waits for something to end, at most until the client's time limit or until the client is gone.
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
