import { isNumber, isObjectId, isTimestamp, Long, typeName } from '../../bson/index.ts';
import type { MaybeValue } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatValue } from '../format.ts';
import { integralOf } from '../numbers.ts';
import { expression, nullish } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { DAY, localDate, timeOf, WEEKDAYS, zoneArgument } from './date-parts.ts';
import { compileNamed, namedArguments } from './named.ts';
import { fromLocal, utcTime } from './timezone.ts';
import type { Zone } from './timezone.ts';

type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const FIXED: Partial<Record<Unit, number>> = { hour: 3600000, minute: 60000, second: 1000, millisecond: 1 };
const MONTHS_IN: Partial<Record<Unit, number>> = { year: 12, quarter: 3, month: 1 };
const UNITS = new Set<string>([...Object.keys(FIXED), ...Object.keys(MONTHS_IN), 'week', 'day']);

function unitOf(operator: string, value: MaybeValue): Unit {
  if (typeof value !== 'string') {
    throw new MongoError(5439013, `${operator} requires 'unit' to be a string, but got ${typeName(value)}`);
  }
  if (!UNITS.has(value)) {
    throw new MongoError(
      9,
      `${operator} parameter 'unit' value parsing failed :: caused by :: unknown time unit value: ${value}`,
    );
  }
  return value as Unit;
}

function weekdayOf(operator: string, value: MaybeValue): number {
  if (value === undefined) return 0;
  if (typeof value !== 'string') {
    throw new MongoError(5439015, `${operator} requires 'startOfWeek' to be a string, but got ${typeName(value)}`);
  }
  const name = value.toLowerCase();
  const index = WEEKDAYS.findIndex((day) => day === name || day.slice(0, 3) === name);
  if (index < 0) {
    throw new MongoError(
      5439016,
      `${operator} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`,
    );
  }
  return index;
}

/** Adds units to an instant; days and longer keep the local time of day, months are cut to their last day. */
export function shift(time: number, unit: Unit, amount: number, zone: Zone): number {
  const fixed = FIXED[unit];
  if (fixed !== undefined) return time + amount * fixed;
  const local = localDate(time, zone);
  const months = MONTHS_IN[unit];
  if (months === undefined) {
    const days = unit === 'week' ? amount * 7 : amount;
    return fromLocal(zone, local.getTime() + days * DAY);
  }
  const month = local.getUTCMonth() + amount * months;
  const last = new Date(utcTime(local.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(local.getUTCDate(), last);
  const timeOfDay = local.getTime() - Math.floor(local.getTime() / DAY) * DAY;
  return fromLocal(zone, utcTime(local.getUTCFullYear(), month, day) + timeOfDay);
}

function adding(operator: string, sign: 1 | -1): Compiler {
  return (argument, scope) => {
    const missing: readonly [number, string] = [
      5166402,
      `${operator} requires startDate, unit, and amount to be present`,
    ];
    const given = namedArguments(argument, {
      operator,
      required: { startDate: missing, unit: missing, amount: missing },
      optional: ['timezone'],
      notObject: (found) => [
        5166400,
        `${operator} expects an object as its argument.found input type:${typeName(found)}`,
      ],
      unknown: (name) => [
        5166401,
        `Unrecognized argument to ${operator}: ${name}. Expected arguments are startDate, unit, amount, and optionally timezone.`,
      ],
    });
    const { startDate, unit, amount, timezone } = compileNamed(
      given,
      ['startDate', 'unit', 'amount', 'timezone'],
      scope,
    );
    if (unit!.constant) expression([unit!], scope, () => (checkUnit(operator, unit!.run()), null));
    const parts = [startDate!, unit!, amount!, timezone].filter((part) => part !== undefined);
    return expression(parts, scope, () => {
      const start = startDate!.run();
      const unitName = unit!.run();
      const count = amount!.run();
      const zoneName = timezone?.run();
      if (nullish(start) || nullish(unitName) || nullish(count) || (timezone && nullish(zoneName))) return null;
      const by = unitOf(operator, unitName);
      if (!isDateLike(start))
        throw new MongoError(5166403, `${operator} requires startDate to be convertible to a date`);
      const whole = isNumber(count) ? integralOf(count) : undefined;
      if (whole === undefined) throw new MongoError(5166405, `${operator} expects integer amount of time units`);
      const date = new Date(shift(timeOf(start), by, Number(whole) * sign, zoneArgument(zoneName)));
      if (Number.isNaN(date.getTime())) throw new MongoError(5166406, `${operator} overflowed`);
      return date;
    });
  };
}

function checkUnit(operator: string, value: MaybeValue): void {
  if (!nullish(value)) unitOf(operator, value);
}

function isDateLike(value: MaybeValue): boolean {
  return value instanceof Date || isTimestamp(value) || isObjectId(value);
}

function requireDate(operator: string, name: string, value: MaybeValue): number {
  if (!isDateLike(value)) {
    throw new MongoError(5166307, `${operator} requires '${name}' to be a date, but got ${typeName(value)}`);
  }
  return timeOf(value);
}

/** How many unit boundaries lie between two instants. */
function difference(from: number, to: number, unit: Unit, zone: Zone, startOfWeek: number): number {
  const fixed = FIXED[unit];
  if (fixed !== undefined) {
    const part = zone.offsetAt(from) % 3600000;
    return Math.floor((to + part) / fixed) - Math.floor((from + part) / fixed);
  }
  const a = localDate(from, zone);
  const b = localDate(to, zone);
  const months = MONTHS_IN[unit];
  if (months !== undefined) {
    const index = (date: Date): number => Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months);
    return index(b) - index(a);
  }
  const day = (date: Date): number => Math.floor(date.getTime() / DAY);
  if (unit === 'day') return day(b) - day(a);
  // Day 0 of the epoch was a Thursday.
  const week = (date: Date): number => Math.floor((day(date) + 4 - startOfWeek) / 7);
  return week(b) - week(a);
}

const dateDiff: Compiler = (argument, scope) => {
  const operator = '$dateDiff';
  const given = namedArguments(argument, {
    operator,
    required: {
      startDate: [5166303, "Missing 'startDate' parameter to $dateDiff"],
      endDate: [5166304, "Missing 'endDate' parameter to $dateDiff"],
      unit: [5166305, "Missing 'unit' parameter to $dateDiff"],
    },
    optional: ['timezone', 'startOfWeek'],
    notObject: () => [5166301, '$dateDiff only supports an object as its argument'],
    unknown: (name) => [5166302, `Unrecognized argument to $dateDiff: ${name}`],
  });
  const names = ['startDate', 'endDate', 'unit', 'timezone', 'startOfWeek'];
  const { startDate, endDate, unit, timezone, startOfWeek } = compileNamed(given, names, scope);
  const parts = [startDate!, endDate!, unit!, timezone, startOfWeek].filter((part) => part !== undefined);
  return expression(parts, scope, () => {
    const values = [startDate!, endDate!, unit!].map((part) => part.run());
    const zoneName = timezone?.run();
    const week = startOfWeek?.run();
    if (values.some(nullish) || (timezone && nullish(zoneName))) return null;
    const by = unitOf(operator, values[2]);
    if (by === 'week' && startOfWeek && nullish(week)) return null;
    const from = requireDate(operator, 'startDate', values[0]);
    const to = requireDate(operator, 'endDate', values[1]);
    const first = by === 'week' ? weekdayOf(operator, week) : 0;
    return Long.fromNumber(difference(from, to, by, zoneArgument(zoneName), first));
  });
};

/** The start of the bin that the instant lies in; bins are counted from 2000-01-01 in the zone. */
export function truncate(time: number, unit: Unit, size: number, zone: Zone, startOfWeek: number): number {
  const reference = utcTime(2000, 0, 1);
  const fixed = FIXED[unit];
  if (fixed !== undefined) {
    const origin = fromLocal(zone, reference);
    const bin = fixed * size;
    return origin + Math.floor((time - origin) / bin) * bin;
  }
  const local = localDate(time, zone);
  const months = MONTHS_IN[unit];
  if (months !== undefined) {
    const bin = months * size;
    const index = (local.getUTCFullYear() - 2000) * 12 + local.getUTCMonth();
    return fromLocal(zone, utcTime(2000, Math.floor(index / bin) * bin, 1));
  }
  // 2000-01-01 was a Saturday; weeks are counted from the first start of a week from then on.
  const origin = unit === 'week' ? reference + ((startOfWeek + 1) % 7) * DAY : reference;
  const bin = (unit === 'week' ? 7 : 1) * size * DAY;
  return fromLocal(zone, origin + Math.floor((local.getTime() - origin) / bin) * bin);
}

const dateTrunc: Compiler = (argument, scope) => {
  const operator = '$dateTrunc';
  const given = namedArguments(argument, {
    operator,
    required: {
      date: [5439009, "Missing 'date' parameter to $dateTrunc"],
      unit: [5439010, "Missing 'unit' parameter to $dateTrunc"],
    },
    optional: ['binSize', 'timezone', 'startOfWeek'],
    notObject: () => [5439007, '$dateTrunc only supports an object as its argument'],
    unknown: (name) => [
      5439008,
      `Unrecognized argument to $dateTrunc: ${name}. Expected arguments are date, unit, and optionally, binSize, timezone, startOfWeek`,
    ],
  });
  const names = ['date', 'unit', 'binSize', 'timezone', 'startOfWeek'];
  const { date, unit, binSize, timezone, startOfWeek } = compileNamed(given, names, scope);
  const fixed: Expr[] = [unit!, binSize, timezone, startOfWeek].filter((part) => part !== undefined);
  const settings = (): { unit: Unit; size: number; zone: Zone; week: number } | undefined => {
    const [unitName, size, zoneName, week] = [unit, binSize, timezone, startOfWeek].map((part) => part?.run());
    if (nullish(unitName) || (binSize && nullish(size)) || (timezone && nullish(zoneName))) return undefined;
    const by = unitOf(operator, unitName);
    if (by === 'week' && startOfWeek && nullish(week)) return undefined;
    return {
      unit: by,
      size: sizeOf(size),
      zone: zoneArgument(zoneName),
      week: by === 'week' ? weekdayOf(operator, week) : 0,
    };
  };
  // Settings that are constants are checked even when there is no date.
  expression(fixed, scope, () => (settings(), null));
  return expression([date!, ...fixed], scope, () => {
    const value = date!.run();
    const by = settings();
    if (nullish(value) || !by) return null;
    return new Date(truncate(requireDate(operator, 'date', value), by.unit, by.size, by.zone, by.week));
  });
};

function sizeOf(value: MaybeValue): number {
  if (value === undefined) return 1;
  const whole = isNumber(value) ? integralOf(value) : undefined;
  if (whole === undefined) {
    throw new MongoError(
      5439017,
      `$dateTrunc requires 'binSize' to be a 64-bit integer, but got value '${formatValue(value)}' of type ${typeName(value)}`,
    );
  }
  if (whole <= 0n)
    throw new MongoError(5439018, `$dateTrunc requires 'binSize' to be greater than 0, but got value ${whole}`);
  return Number(whole);
}

export const dateArithmetic: Compilers = {
  $dateAdd: adding('$dateAdd', 1),
  $dateSubtract: adding('$dateSubtract', -1),
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
};
