import { describe, expect, it } from 'vitest';
import { calendarDay, lastDays, startOfDay } from './period.ts';

describe('startOfDay', () => {
  it('is midnight of the shop, not of the browser', () => {
    expect(startOfDay('2026-11-23', 'UTC').toISOString()).toBe('2026-11-23T00:00:00.000Z');
    expect(startOfDay('2026-11-23', 'America/New_York').toISOString()).toBe('2026-11-23T05:00:00.000Z');
    expect(startOfDay('2026-11-23', 'Asia/Tokyo').toISOString()).toBe('2026-11-22T15:00:00.000Z');
  });

  it('knows the days on which clocks change', () => {
    // Berlin: summer time ends on 25 October 2026 at 3:00.
    expect(startOfDay('2026-10-25', 'Europe/Berlin').toISOString()).toBe('2026-10-24T22:00:00.000Z');
    expect(startOfDay('2026-10-26', 'Europe/Berlin').toISOString()).toBe('2026-10-25T23:00:00.000Z');
  });
});

describe('lastDays', () => {
  it('ends with today, as the shop counts days', () => {
    const now = new Date('2026-11-23T03:00:00Z');
    expect(calendarDay(now, 'America/New_York')).toBe('2026-11-22');
    const period = lastDays(7, calendarDay(now, 'America/New_York'), 'America/New_York');
    expect(period.from.toISOString()).toBe('2026-11-16T05:00:00.000Z');
    expect(period.to.toISOString()).toBe('2026-11-23T05:00:00.000Z');
  });
});
