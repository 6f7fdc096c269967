import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

describe('seeded randomness', () => {
  it('repeats by its seed, differs by it, and gives each part a stream of its own', () => {
    const draw = (seed: number | string) => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.between(1, 1_000));
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const random = createRandom(7);
    const before = random.fork('a').next();
    random.next();
    expect(random.fork('a').next()).toBe(before);
    expect(random.fork('b').next()).not.toBe(before);
  });

  it('draws evenly enough within its bounds', () => {
    const random = createRandom('even');
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 6_000; draw += 1) {
      const face = random.between(1, 6);
      counts.set(face, (counts.get(face) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
    expect(random.shuffle([1, 2, 3]).sort()).toEqual([1, 2, 3]);
  });
});
