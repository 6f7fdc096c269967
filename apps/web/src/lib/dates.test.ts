import { describe, expect, it } from 'vitest';
import { formatBriefly } from './dates.ts';

describe('formatBriefly', () => {
  const now = new Date(2026, 10, 30, 22, 0);

  it('leaves out the year that everybody knows, and the hour of long ago', () => {
    expect(formatBriefly(new Date(2026, 0, 2, 13, 5), now)).toMatch(/^Jan 2, 1:05\sPM$/);
    expect(formatBriefly(new Date(2025, 11, 31, 13, 5), now)).toBe('Dec 31, 2025');
  });
});
