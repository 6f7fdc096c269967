import { describe, expect, it } from 'vitest';
import { bucketStart, dayIn, daysBetween, startOfDay } from './calendar.ts';

describe('calendar days of a time zone', () => {
  it('follows the zone, not UTC', () => {
    expect(dayIn('America/New_York', new Date('2026-03-01T03:00:00Z'))).toBe('2026-02-28');
    expect(dayIn('Asia/Tokyo', new Date('2026-02-28T20:00:00Z'))).toBe('2026-03-01');
  });

  it('counts the days of 23 and 25 hours once each', () => {
    const spring = daysBetween('Europe/Berlin', new Date('2026-03-27T23:00:00Z'), new Date('2026-03-30T22:00:00Z'));
    expect(spring).toEqual(['2026-03-28', '2026-03-29', '2026-03-30']);
    const autumn = daysBetween('Europe/Berlin', new Date('2026-10-23T22:00:00Z'), new Date('2026-10-26T23:00:00Z'));
    expect(autumn).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
  });

  it('finds where a day began, also one of 23 or 25 hours', () => {
    const began = (moment: string) => startOfDay('Europe/Berlin', new Date(moment)).toISOString();
    expect(began('2026-03-29T21:59:59.999Z')).toBe('2026-03-28T23:00:00.000Z');
    expect(began('2026-10-25T22:59:59.999Z')).toBe('2026-10-24T22:00:00.000Z');
    expect(began('2026-06-01T22:00:00.000Z')).toBe('2026-06-01T22:00:00.000Z');
  });

  it('leaves out the day that begins at `to`', () => {
    expect(daysBetween('UTC', new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z'))).toEqual([
      '2026-01-01',
    ]);
  });

  it('starts weeks on Monday and months on the first', () => {
    expect(bucketStart('2026-11-22', 'week')).toBe('2026-11-16');
    expect(bucketStart('2026-11-23', 'week')).toBe('2026-11-23');
    expect(bucketStart('2026-11-23', 'month')).toBe('2026-11-01');
    expect(bucketStart('2026-11-23', 'day')).toBe('2026-11-23');
  });
});
