/** Reproducible random choices. */
export interface Random {
  /** An integer from 0 to `below` - 1. */
  below(below: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** A stream of its own, so that what one client draws does not depend on the others. */
  fork(name: number): Random;
}

/** Creates the random choices of a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  return {
    below: (below) => next() % below,
    chance: (probability) => next() / 2 ** 32 < probability,
    pick: <T>(choices: readonly T[]): T => choices[next() % choices.length] as T,
    fork: (name) => createRandom(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(name + 1, 0xc2b2ae35)),
  };
}
