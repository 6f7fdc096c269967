import { percentile, type Load } from './measurement.ts';

/**
 * Work of several requests that counts as one; throws when it does not succeed. Where only a part of it counts, it answers
 * how many milliseconds that took.
 */
export type Unit = (worker: number) => Promise<void | number>;

/** Runs a unit of work in as many workers as there are connections, each one after another, for some seconds. */
export async function runOwnLoop(unit: Unit, connections: number, seconds: number): Promise<Load> {
  const durations: number[] = [];
  let isCounted = false;
  let errors = 0;
  let firstError: string | undefined;
  const began = performance.now();
  const end = began + seconds * 1_000;
  const work = async (worker: number): Promise<void> => {
    while (performance.now() < end) {
      const start = performance.now();
      try {
        const counted = await unit(worker);
        isCounted ||= counted !== undefined;
        durations.push(counted ?? performance.now() - start);
      } catch (error) {
        errors += 1;
        firstError ??= error instanceof Error ? error.message : String(error);
        // A shop that refuses at once must not turn this into a busy loop.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, worker) => work(worker)));
  const elapsed = (performance.now() - began) / 1_000;
  const busy = durations.reduce((sum, milliseconds) => sum + milliseconds, 0) / 1_000 / connections;
  durations.sort((left, right) => left - right);
  return {
    requests: durations.length,
    seconds: isCounted ? busy : elapsed,
    p50: percentile(durations, 0.5),
    p99: percentile(durations, 0.99),
    errors,
    firstError,
  };
}
