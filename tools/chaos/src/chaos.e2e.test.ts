import { describe, expect, it } from 'vitest';
import { runSeed } from './run.ts';

/** One seed of what a change may break most easily; `npm run chaos` runs all scenarios with as many as one likes. */
const SEEDS = [
  { name: 'crashes', seed: 1 },
  { name: 'poison', seed: 1 },
  { name: 'flush', seed: 1 },
];

describe.each(SEEDS)('$name, seed $seed', ({ name, seed }) => {
  it('keeps every promise', { timeout: 240_000 }, async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const { violations } = await runSeed({ name, seed, form: 'short', outageSeconds: 4, say });
    expect(violations, lines.join('\n')).toEqual([]);
  });
});
