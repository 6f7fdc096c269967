import { describe, expect, it } from 'vitest';
import { formatDuration } from './durations.ts';

describe('formatDuration', () => {
  it('is rough, in the unit that fits', () => {
    expect([0, 400, 8_000, 89_000, 90_000, 12 * 60_000, 3 * 3_600_000, 120 * 3_600_000].map(formatDuration)).toEqual([
      '0 s',
      '0 s',
      '8 s',
      '89 s',
      '2 min',
      '12 min',
      '3 h',
      '5 d',
    ]);
  });

  it('takes a clock that went back for no time at all', () => {
    expect(formatDuration(-5_000)).toBe('0 s');
  });
});
