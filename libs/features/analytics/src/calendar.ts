export type Bucket = 'day' | 'week' | 'month';

/** A stretch of time, `[from, to)`. */
export interface Period {
  from: Date;
  to: Date;
}

/** What a period can be compared with. */
export type Comparison = 'previous_period' | 'previous_year';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Making one takes a hundred times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of a moment in a time zone, as YYYY-MM-DD. */
export function dayIn(timezone: string, moment: Date): string {
  // Swedish dates are ISO dates.
  const format = formats.get(timezone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' });
  formats.set(timezone, format);
  return format.format(moment);
}

/** When the calendar day of a moment began in a time zone. Searched for, since days have 23 to 25 hours. */
export function startOfDay(timezone: string, moment: Date): Date {
  return firstMomentFrom(timezone, dayIn(timezone, moment), {
    before: moment.getTime() - 26 * HOUR_MS,
    within: moment.getTime(),
  });
}

/** When a calendar day, YYYY-MM-DD, begins in a time zone. */
export function beginningOf(timezone: string, day: string): Date {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // Clocks are 14 hours ahead of UTC at most, and 12 behind.
  return firstMomentFrom(timezone, day, { before: utc - 16 * HOUR_MS, within: utc + 16 * HOUR_MS });
}

function firstMomentFrom(timezone: string, day: string, range: { before: number; within: number }): Date {
  let { before, within } = range;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayIn(timezone, new Date(middle)) >= day) within = middle;
    else before = middle;
  }
  return new Date(within);
}

/** All calendar days that `[from, to)` touches in a time zone. Counted as dates, so days of 23 and 25 hours are one. */
export function daysBetween(timezone: string, from: Date, to: Date): string[] {
  return daysThrough(dayIn(timezone, from), dayIn(timezone, new Date(to.getTime() - 1)));
}

function daysThrough(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** A period as the calendar days that are wholly in it, one after the other, and what is left of it before and after. */
export function wholeDays(timezone: string, { from, to }: Period): { days: string[]; edges: Period[] } {
  const firstDay = dayIn(timezone, from);
  const isBegun = beginningOf(timezone, firstDay) < from;
  const first = isBegun ? addDays(firstDay, 1) : firstDay;
  const start = beginningOf(timezone, first);
  const endDay = dayIn(timezone, to);
  const end = beginningOf(timezone, endDay);
  if (start >= end) return { days: [], edges: [{ from, to }] };
  return {
    days: daysThrough(first, addDays(endDay, -1)),
    edges: [...(isBegun ? [{ from, to: start }] : []), ...(end < to ? [{ from: end, to }] : [])],
  };
}

/**
 * The period that another one is compared with. The one before it has as many calendar days, where it consists of whole
 * ones, else it is as long; the one of a year before has the same dates (29 February stands for 1 March).
 */
export function comparedWith(timezone: string, { from, to }: Period, comparison: Comparison): Period {
  if (comparison === 'previous_year') {
    const shifted = { from: yearBefore(timezone, from), to: yearBefore(timezone, to) };
    // A period within 29 February has nothing to stand beside it but as much time of the day after.
    return shifted.from < shifted.to
      ? shifted
      : { from: shifted.from, to: new Date(shifted.from.getTime() + to.getTime() - from.getTime()) };
  }
  const { days, edges } = wholeDays(timezone, { from, to });
  const before =
    edges.length === 0
      ? beginningOf(timezone, addDays(dayIn(timezone, from), -days.length))
      : new Date(from.getTime() - (to.getTime() - from.getTime()));
  return { from: before, to: from };
}

/** The same time of day, on the date a year before. */
function yearBefore(timezone: string, moment: Date): Date {
  const day = dayIn(timezone, moment);
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  const shifted = isoDay(new Date(`${year}${day.slice(4)}T00:00:00Z`));
  const sinceBeginning = moment.getTime() - beginningOf(timezone, day).getTime();
  return new Date(beginningOf(timezone, shifted).getTime() + sinceBeginning);
}

/** The first day of the bucket that a day belongs to: itself, its Monday, or the first of its month. */
export function bucketStart(day: string, bucket: Bucket): string {
  if (bucket === 'day') return day;
  if (bucket === 'month') return `${day.slice(0, 7)}-01`;
  const date = new Date(`${day}T00:00:00Z`);
  return addDays(day, -((date.getUTCDay() + 6) % 7));
}

/** Adds calendar days to a day, or takes them off. */
export function addDays(day: string, days: number): string {
  return isoDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));
}

const isoDay = (date: Date): string => date.toISOString().slice(0, 10);
