export type Bucket = 'day' | 'week' | 'month';

const DAY_MS = 24 * 3_600_000;

/** The calendar day of a moment in a time zone, as YYYY-MM-DD. */
export function dayIn(timezone: string, moment: Date): string {
  // Swedish dates are ISO dates.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(moment);
}

/** When the calendar day of a moment began in a time zone. Searched for, since days have 23 to 25 hours. */
export function startOfDay(timezone: string, moment: Date): Date {
  const day = dayIn(timezone, moment);
  let before = moment.getTime() - 26 * 3_600_000;
  let within = moment.getTime();
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayIn(timezone, new Date(middle)) === day) within = middle;
    else before = middle;
  }
  return new Date(within);
}

/** All calendar days that `[from, to)` touches in a time zone. Counted as dates, so days of 23 and 25 hours are one. */
export function daysBetween(timezone: string, from: Date, to: Date): string[] {
  const last = dayIn(timezone, new Date(to.getTime() - 1));
  const days: string[] = [];
  for (let day = dayIn(timezone, from); day <= last; day = nextDay(day)) days.push(day);
  return days;
}

/** The first day of the bucket that a day belongs to: itself, its Monday, or the first of its month. */
export function bucketStart(day: string, bucket: Bucket): string {
  if (bucket === 'day') return day;
  if (bucket === 'month') return `${day.slice(0, 7)}-01`;
  const date = new Date(`${day}T00:00:00Z`);
  const sinceMonday = (date.getUTCDay() + 6) % 7;
  return isoDay(new Date(date.getTime() - sinceMonday * DAY_MS));
}

const isoDay = (date: Date): string => date.toISOString().slice(0, 10);
const nextDay = (day: string): string => isoDay(new Date(new Date(`${day}T00:00:00Z`).getTime() + DAY_MS));
