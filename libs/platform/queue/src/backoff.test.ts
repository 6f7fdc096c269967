import { describe, expect, it } from 'vitest';
import { backoffOf } from './backoff.ts';

const job = { backoffMs: 1_000, backoffMaxMs: 10_000 };

describe('the wait before another try', () => {
  it('doubles, within its bounds', () => {
    const longest = [1, 2, 3, 4, 5, 6, 2_000].map((attempt) => backoffOf(job, attempt, 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
    expect(backoffOf({ backoffMs: 1_000 }, 50, 1)).toBe(3_600_000);
  });

  it('is spread over its later half', () => {
    expect([0, 0.5].map((random) => backoffOf(job, 2, random))).toEqual([1_000, 1_500]);
  });
});
