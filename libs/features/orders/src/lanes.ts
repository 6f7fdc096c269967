/** How long a place in line is worth waiting for, in milliseconds; a transaction after it has 15 s of its own. */
const PATIENCE_MS = 10_000;

/**
 * Lets work that wants the same things wait in line within this process, rather than run into write conflicts and start
 * over: with hundreds of buyers of one variant, nearly all transactions would be in vain. A matter of speed alone:
 * other processes know nothing of these lanes, and the database decides. So whoever has waited for `patienceMs` goes on
 * beside the others: a call must end while somebody still waits for its answer.
 */
export function createLanes({ patienceMs = PATIENCE_MS }: { patienceMs?: number } = {}) {
  const tails = new Map<string, Promise<void>>();

  function enter(name: string): { turn: Promise<void>; leave: () => void } {
    const before = tails.get(name) ?? Promise.resolve();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const tail = before.then(() => done);
    tails.set(name, tail);
    const leave = (): void => {
      if (tails.get(name) === tail) tails.delete(name);
      resolve();
    };
    return { turn: before, leave };
  }

  return {
    /** Runs `work` once everybody who came before into any of these lanes has left them, or after `patienceMs`. */
    async run<T>(names: Iterable<string>, work: () => Promise<T>): Promise<T> {
      // All places are taken at once, so two works with several lanes can't wait for each other.
      const places = [...new Set(names)].map(enter);
      const { promise: tired, resolve: giveUp } = Promise.withResolvers<void>();
      const timer = setTimeout(giveUp, patienceMs);
      try {
        await Promise.race([Promise.all(places.map(({ turn }) => turn)), tired]);
        clearTimeout(timer);
        return await work();
      } finally {
        for (const { leave } of places) leave();
      }
    },
    /** How many lanes are in use. */
    size: (): number => tails.size,
  };
}

export type Lanes = ReturnType<typeof createLanes>;
