import { describe, expect, it } from 'vitest';
import { chosenSeeds } from './chosen.ts';

describe('chosen seeds', () => {
  it('are the same each time, each once, and not many', () => {
    const seeds = chosenSeeds({ from: 1, times: 3 });
    expect(chosenSeeds({ from: 1, times: 3 })).toEqual(seeds);
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds.length).toBeLessThan(25);
  });
});
