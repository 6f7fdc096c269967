import { describe, expect, it } from 'vitest';
import { revenueInput } from './analytics.contracts.ts';

const DAY_MS = 24 * 3_600_000;
const periodFrom = (from: Date) => ({ from, to: new Date(from.getTime() + DAY_MS) });

describe('a period', () => {
  it('lies in years of four digits, and is no longer than 400 days', () => {
    const from = new Date('2026-01-01T00:00:00Z');
    expect(revenueInput.parse(periodFrom(from)).bucket).toBe('day');
    expect(revenueInput.safeParse({ from, to: new Date(from.getTime() + 401 * DAY_MS) }).success).toBe(false);
    expect(revenueInput.safeParse({ from, to: from }).success).toBe(false);
  });

  it.each(['+020000-01-01T00:00:00Z', '0500-01-01T00:00:00Z', '-000001-01-01T00:00:00Z'])('is not in %s', (from) => {
    expect(revenueInput.safeParse(periodFrom(new Date(from))).success).toBe(false);
  });
});
