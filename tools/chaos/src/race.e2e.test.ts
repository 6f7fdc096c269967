import { describe, expect, it } from 'vitest';
import { chosenSeeds } from './race/chosen.ts';
import { sumFigures } from './race/figures.ts';
import { race } from './race/race.ts';

/** A few rounds of each kind, chosen for everything that is counted; `npm run race` plays as many as one likes, over more processes, some of which die. */
const ROUNDS = { seeds: chosenSeeds({ from: 1, times: 3 }), lanes: 2, form: 'short' } as const;

describe('rounds of people who want the same at the same moment', () => {
  it('leave stock, coupons, prices, orders and money that add up', { timeout: 240_000 }, async () => {
    const { rounds, books } = await race(ROUNDS);
    expect(rounds.flatMap(({ seed, violations }) => violations.map((one) => `seed ${seed}: ${one}`))).toEqual([]);
    expect(books).toEqual([]);
    expect(new Set(rounds.map(({ kind }) => kind))).toEqual(new Set(['crowd', 'bargain', 'duel', 'mixed']));
    // What never came about was never shown to hold.
    const figures = sumFigures(rounds.map((round) => round.figures));
    expect(Object.entries(figures).filter(([, times]) => times === 0)).toEqual([]);
    expect(figures.orders).toBeGreaterThan(ROUNDS.seeds.length);
  });
});
