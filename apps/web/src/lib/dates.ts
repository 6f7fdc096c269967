import { LOCALE } from './money.ts';

const date = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
const dateTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const shortMoment = new Intl.DateTimeFormat(LOCALE, {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });

export const formatDate = (value: Date): string => date.format(value);
export const formatDateTime = (value: Date): string => dateTime.format(value);

/** A moment where there is little room: "Nov 30, 10:39 PM" in the year of `now`, the day alone in others. */
export const formatBriefly = (value: Date, now: Date): string =>
  value.getFullYear() === now.getFullYear() ? shortMoment.format(value) : date.format(value);

/** A moment from `now` in rough words: "in 58 minutes", "3 days ago". */
export function formatRelative(value: Date, now: Date): string {
  const minutes = Math.round((value.getTime() - now.getTime()) / 60_000);
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  if (Math.abs(hours) < 36) return relative.format(hours, 'hour');
  return relative.format(Math.round(hours / 24), 'day');
}

/** A YYYY-MM-DD day for an axis: "Nov 23". */
export function formatDay(day: string): string {
  return new Intl.DateTimeFormat(LOCALE, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** A month that a YYYY-MM-DD day is in, for an axis: "Nov 2026". */
export function formatMonth(day: string): string {
  return new Intl.DateTimeFormat(LOCALE, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
