/**
 * Asks for many ids by few calls: those asked for in one turn of the event loop go together, `max` in a call. An id's
 * promise resolves to whether the answer holds it, and rejects when its call fails.
 */
export function createIdBatches({
  max,
  find,
}: {
  max: number;
  find: (ids: string[]) => Promise<readonly string[]>;
}): (id: string) => Promise<boolean> {
  interface Waiting {
    id: string;
    resolve: (found: boolean) => void;
    reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];

  async function ask(some: readonly Waiting[]): Promise<void> {
    try {
      const found = new Set(await find([...new Set(some.map(({ id }) => id))]));
      for (const { id, resolve } of some) resolve(found.has(id));
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }

  function flush(): void {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += max) void ask(all.slice(start, start + max));
  }

  return (id) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setTimeout(flush, 0);
      waiting.push({ id, resolve, reject });
    });
}
