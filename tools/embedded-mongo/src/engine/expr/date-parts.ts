import { FarDate, isObjectId, isTimestamp, typeName } from '../../bson/index.ts';
import { formatValue } from '../format.ts';
import type { MaybeValue, ObjectId } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { utcTime, zoneOf, UTC } from './timezone.ts';
import type { Zone } from './timezone.ts';

export const DAY = 86400000;

/** `2024-01-01T00:00:00.000Z`, years beyond 9999 without a sign as MongoDB writes them. */
export function isoDate(date: Date): string {
  return date.toISOString();
}

/** The milliseconds of a date, timestamp or ObjectId. */
export function timeOf(value: MaybeValue): number {
  if (value instanceof FarDate) throw new MongoError(238, `${formatValue(value)} is too far away to have parts here`);
  if (value instanceof Date) return value.getTime();
  if (isTimestamp(value)) return value.t * 1000;
  if (isObjectId(value)) return objectIdTime(value);
  throw new MongoError(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

/** The milliseconds that an ObjectId was made at; MongoDB reads its seconds as a signed number. */
export function objectIdTime(id: ObjectId): number {
  return Buffer.from(id.id).readInt32BE(0) * 1000;
}

/** The zone an argument names; UTC for none. */
export function zoneArgument(value: MaybeValue): Zone {
  if (value === undefined) return UTC;
  if (typeof value !== 'string')
    throw new MongoError(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
  return zoneOf(value);
}

/** A date whose UTC fields are the local fields of the instant. */
export function localDate(time: number, zone: Zone): Date {
  return new Date(time + zone.offsetAt(time));
}

export function dayOfYear(local: Date): number {
  return Math.floor((local.getTime() - utcTime(local.getUTCFullYear(), 0, 1)) / DAY) + 1;
}

/** 1 (Monday) to 7. */
export function isoDay(local: Date): number {
  return local.getUTCDay() || 7;
}

/** Weeks from Sunday on, those before the first Sunday are week 0. */
export function sundayWeek(local: Date): number {
  return Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7);
}

/** The ISO week and the year it belongs to. */
export function isoWeek(local: Date): { readonly week: number; readonly year: number } {
  const thursday = new Date(local.getTime() + (4 - isoDay(local)) * DAY);
  return { week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1, year: thursday.getUTCFullYear() };
}

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
