import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems hand out by themselves, to whoever connects or listens on any port (Linux from 32,768 on). */
const FIRST = 12_000;
/** Each worker of a test run has a range of its own, so that two of them never find the same port free. */
const RANGE = 1_000;
const RANGES = 15;

const first = FIRST + (Number(process.env['VITEST_POOL_ID'] ?? 0) % RANGES) * RANGE;
let next = randomInt(RANGE);

/**
 * A TCP port that nobody listens on at the moment, and that the system gives to nobody else before it is used or while its
 * server is started anew. Answers another one each time. Throws an Error where none is left.
 */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < RANGE; tries += 1) {
    const port = first + next;
    next = (next + 1) % RANGE;
    if (await isFree(port)) return port;
  }
  throw new Error('No free port');
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
