export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** Runs the work one after the other and answers the median of its durations in milliseconds. */
export async function latency(times: number, work: (at: number) => Promise<unknown>): Promise<number> {
  const durations: number[] = [];
  for (let at = 0; at < times; at++) {
    const start = performance.now();
    await work(at);
    durations.push(performance.now() - start);
  }
  return median(durations);
}

export async function duration(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One side of a comparison; each call is one round and answers its figure. */
export type Round = (round: number) => Promise<number>;

/**
 * Measures the sides in turns, so that whatever else the machine does falls on both; the first round warms up and does
 * not count. Answers the median of the rounds of each side.
 */
export async function inTurns<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, Round>>,
): Promise<Record<Side, number>> {
  const names = Object.keys(sides) as Side[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round <= rounds; round++) {
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) {
      const figure = await sides[name](round);
      if (round > 0) results[name].push(figure);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(results[name])])) as Record<Side, number>;
}
