import { describe, expect, it } from 'vitest';
import { pauseOf } from './postpone.ts';

const pauses = (ages: readonly number[]) => ages.map((age) => pauseOf(age, { patienceMs: 3_600_000, random: 1 }));

describe('a job that nobody here understands', () => {
  it('is offered again soon, then seldom, then no more', () => {
    expect(pauses([0, 60_000, 900_000, 3_599_999, 3_600_000])).toEqual([2_000, 6_000, 60_000, 60_000, null]);
  });
});
