import { describe, expect, it } from 'vitest';
import {
  beginningOf,
  bucketStart,
  comparedWith,
  dayIn,
  daysBetween,
  startOfDay,
  wholeDays,
  type Comparison,
} from './calendar.ts';

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

describe('the beginning of a day', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00.000Z'],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z'],
    ['America/New_York', '2026-11-02', '2026-11-02T05:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-06-01', '2026-05-31T10:00:00.000Z'],
    ['Etc/GMT+12', '2026-06-01', '2026-06-01T12:00:00.000Z'],
    // Clocks go forward at midnight: the day begins at one.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z'],
  ])('in %s of %s is at %s', (timezone, day, begins) => {
    expect(beginningOf(timezone, day).toISOString()).toBe(begins);
  });
});

describe('whole days of a period', () => {
  const split = (from: string, to: string) => {
    const { days, edges } = wholeDays('Europe/Berlin', { from: new Date(from), to: new Date(to) });
    return { days, edges: edges.map((edge) => [edge.from.toISOString(), edge.to.toISOString()]) };
  };

  it('are all of it when it begins and ends with days, of 23 and 25 hours too', () => {
    const days = ['2026-03-28', '2026-03-29', '2026-03-30'];
    expect(split('2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z')).toEqual({ days, edges: [] });
    expect(split('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toEqual({ days: ['2026-10-25'], edges: [] });
  });

  it('leave what comes before and after them', () => {
    expect(split('2026-03-27T23:00:00.001Z', '2026-03-30T10:00:00Z')).toEqual({
      days: ['2026-03-29'],
      edges: [
        ['2026-03-27T23:00:00.001Z', '2026-03-28T23:00:00.000Z'],
        ['2026-03-29T22:00:00.000Z', '2026-03-30T10:00:00.000Z'],
      ],
    });
  });

  it('are none in a piece of a day, or of two', () => {
    const day = ['2026-03-28T10:00:00.000Z', '2026-03-28T11:00:00.000Z'] as const;
    expect(split(...day)).toEqual({ days: [], edges: [[...day]] });
    const night = ['2026-03-28T10:00:00.000Z', '2026-03-29T11:00:00.000Z'] as const;
    expect(split(...night)).toEqual({ days: [], edges: [[...night]] });
  });
});

describe('the period to compare with', () => {
  const compared = (from: string, to: string, comparison: Comparison) => {
    const other = comparedWith('Europe/Berlin', { from: new Date(from), to: new Date(to) }, comparison);
    return [other.from.toISOString(), other.to.toISOString()];
  };

  it('before it has as many days, though not as many hours', () => {
    expect(compared('2026-03-28T23:00:00Z', '2026-03-30T22:00:00Z', 'previous_period')).toEqual([
      '2026-03-26T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
    ]);
  });

  it('before it is as long where it is no whole days', () => {
    expect(compared('2026-06-01T10:00:00Z', '2026-06-01T16:00:00Z', 'previous_period')).toEqual([
      '2026-06-01T04:00:00.000Z',
      '2026-06-01T10:00:00.000Z',
    ]);
  });

  it('of the year before has the same dates and times', () => {
    // Summer time began on the 30th in 2025.
    expect(compared('2026-03-28T23:00:00Z', '2026-03-30T22:00:00Z', 'previous_year')).toEqual([
      '2025-03-28T23:00:00.000Z',
      '2025-03-30T22:00:00.000Z',
    ]);
    expect(compared('2025-02-28T23:00:00Z', '2025-03-01T11:30:00Z', 'previous_year')).toEqual([
      '2024-02-29T23:00:00.000Z',
      '2024-03-01T11:30:00.000Z',
    ]);
  });

  it('is never empty', () => {
    expect(compared('2024-02-28T23:00:00Z', '2024-02-29T23:00:00Z', 'previous_year')).toEqual([
      '2023-02-28T23:00:00.000Z',
      '2023-03-01T23:00:00.000Z',
    ]);
  });
});
