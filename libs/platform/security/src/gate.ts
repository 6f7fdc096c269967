import { DomainError } from '@cartwright/domain-errors';

const RETRY_AFTER_SECONDS = 1;

/**
 * Lets so many works run at once and so many more wait for their turn, first come, first served. Beyond that it refuses at
 * once with SERVICE_UNAVAILABLE: a crowd gets a quick no instead of an ever longer wait.
 */
export const createGate = ({ atOnce, waiting }: { atOnce: number; waiting: number }) => {
  const queue: (() => void)[] = [];
  let running = 0;

  const enter = async (): Promise<void> => {
    if (running < atOnce) {
      running += 1;
      return;
    }
    if (queue.length >= waiting) {
      throw new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    // Whoever leaves hands the place over, so nobody slips in between.
    await new Promise<void>((resolve) => queue.push(resolve));
  };
  const leave = (): void => {
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  };

  return async <T>(work: () => Promise<T>): Promise<T> => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
};
