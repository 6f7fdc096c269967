import { describe, expect, it } from 'vitest';
import { fromMoment, momentOf } from './moments.ts';

describe('a moment in a field', () => {
  it('is known from other text', () => {
    expect(momentOf('')).toBeUndefined();
    expect(momentOf('soon')).toBeUndefined();
  });

  it.each([
    [new Date(2026, 0, 2, 3, 4), '2026-01-02T03:04'],
    [new Date(2026, 11, 31, 23, 59, 58), '2026-12-31T23:59:58'],
    [new Date(2026, 11, 31, 23, 59, 0, 7), '2026-12-31T23:59:00.007'],
  ])('%s comes back as it was', (moment, text) => {
    expect(fromMoment(moment)).toBe(text);
    expect(momentOf(text)).toEqual(moment);
  });

  it('is empty for none', () => {
    expect(fromMoment(undefined)).toBe('');
  });
});
