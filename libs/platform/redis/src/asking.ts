import type { Logger } from '@cartwright/platform-logger';
import type { Redis } from './redis.ts';

/** A cache that answers later than this is no help. */
const ANSWER_MS = 500;
/** After a failure Redis is left alone for a while, so that not every reader waits for it. */
const AWAY_MS = 2_000;

/** Stands for an answer that did not come. */
export const AWAY = Symbol('away');

/** Runs a command of what can do without Redis; AWAY when it doesn't answer, or didn't a moment ago. */
export type Asking = <Reply>(command: () => Promise<Reply>) => Promise<Reply | typeof AWAY>;

/**
 * Makes the asking of one user of a cache, who gets on without it while Redis is away, or answers later than `answerMs`;
 * `name` is for the log.
 */
export function createAsking({
  redis: { client },
  logger,
  name,
  answerMs = ANSWER_MS,
}: {
  redis: Pick<Redis, 'client'>;
  logger: Pick<Logger, 'warn'>;
  name: string;
  answerMs?: number | undefined;
}): Asking {
  let awayUntil = 0;

  return async (command) => {
    if (client.status !== 'ready' || performance.now() < awayUntil) return AWAY;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('Redis took too long')), answerMs);
    });
    try {
      return await Promise.race([command(), late]);
    } catch (error) {
      awayUntil = performance.now() + AWAY_MS;
      logger.warn({ err: error, name }, 'done without Redis');
      return AWAY;
    } finally {
      clearTimeout(timer);
    }
  };
}
