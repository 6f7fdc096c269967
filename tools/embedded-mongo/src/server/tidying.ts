import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ServerContext } from './context.ts';

/** So many rounds without work, and the server counts as idle. */
const IDLE_ROUNDS = 3;

/**
 * Collects garbage once when the server has nothing to do any more. Without that its memory stays where the last burst of
 * work left it: the runtime looks at what JavaScript holds, and the bytes of documents and messages are outside of that.
 * The answer has to be called once a round. `work` counts what the server has done.
 */
export function createTidying(work: () => number, collect: () => void = collectGarbage): () => void {
  let seen = 0;
  let quiet = IDLE_ROUNDS;
  return () => {
    const done = work();
    quiet = done === seen ? quiet + 1 : 0;
    seen = done;
    if (quiet === IDLE_ROUNDS) collect();
  };
}

/** Commands run so far, but for those by which drivers look whether the server is there. */
export function workSeen({ counters }: Pick<ServerContext, 'counters'>): number {
  let count = 0;
  for (const [name, times] of counters) if (name !== 'hello' && name !== 'ping') count += times;
  return count;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
