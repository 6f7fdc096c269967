import { typeName } from '../../bson/index.ts';
import type { MaybeValue } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatValue } from '../format.ts';
import { expression, nullish } from './core.ts';
import type { Compiler, Compilers } from './core.ts';
import { parseDate, parseDateByFormat } from './date-parse.ts';
import { dayOfYear, isoDay, isoWeek, localDate, MONTHS, sundayWeek, timeOf, zoneArgument } from './date-parts.ts';
import { compileNamed, namedArguments } from './named.ts';
import type { Zone } from './timezone.ts';

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

function offsetMinutes(time: number, zone: Zone): number {
  return Math.trunc(zone.offsetAt(time) / 60000);
}

const DIRECTIVES: Record<string, (local: Date, time: number, zone: Zone) => string> = {
  '%': () => '%',
  Y: (local) => year(local.getUTCFullYear()),
  m: (local) => pad(local.getUTCMonth() + 1, 2),
  d: (local) => pad(local.getUTCDate(), 2),
  H: (local) => pad(local.getUTCHours(), 2),
  M: (local) => pad(local.getUTCMinutes(), 2),
  S: (local) => pad(local.getUTCSeconds(), 2),
  L: (local) => pad(local.getUTCMilliseconds(), 3),
  j: (local) => pad(dayOfYear(local), 3),
  w: (local) => String(local.getUTCDay() + 1),
  u: (local) => String(isoDay(local)),
  U: (local) => pad(sundayWeek(local), 2),
  V: (local) => pad(isoWeek(local).week, 2),
  G: (local) => year(isoWeek(local).year),
  b: (local) => MONTHS[local.getUTCMonth()]!.slice(0, 3),
  B: (local) => MONTHS[local.getUTCMonth()]!,
  z: (_local, time, zone) => {
    const minutes = offsetMinutes(time, zone);
    const size = Math.abs(minutes);
    return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${pad(size % 60, 2)}`;
  },
  Z: (_local, time, zone) => String(offsetMinutes(time, zone)),
};

function year(value: number): string {
  if (value < 0 || value > 9999) {
    throw new MongoError(
      18537,
      `Could not convert date to string: date component was outside the supported range of 0-9999: ${value}`,
    );
  }
  return pad(value, 4);
}

/** Writes an instant by a format of `%` directives. */
export function formatDate(time: number, format: string, zone: Zone): string {
  const local = localDate(time, zone);
  let text = '';
  for (let i = 0; i < format.length; i++) {
    const char = format[i]!;
    if (char !== '%') {
      text += char;
      continue;
    }
    const name = format[++i];
    if (name === undefined) throw new MongoError(18535, "Unmatched '%' at end of format string");
    const directive = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
    if (!directive) throw new MongoError(18536, `Invalid format character '%${name}' in format string`);
    text += directive(local, time, zone);
  }
  return text;
}

const dateToString: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$dateToString',
    required: { date: [18628, "Missing 'date' parameter to $dateToString"] },
    optional: ['format', 'timezone', 'onNull'],
    notObject: () => [18629, '$dateToString only supports an object as its argument'],
    unknown: (name) => [18534, `Unrecognized argument to $dateToString: ${name}`],
  });
  const { date, format, timezone, onNull } = compileNamed(given, ['date', 'format', 'timezone', 'onNull'], scope);
  if (timezone?.constant) expression([timezone], scope, () => (checkZone(timezone.run()), null));
  const parts = [date!, format, timezone, onNull].filter((part) => part !== undefined);
  return expression(parts, scope, () => {
    const pattern = format ? format.run() : undefined;
    const zoneName = timezone?.run();
    const value = date!.run();
    if (format && !nullish(pattern) && typeof pattern !== 'string') {
      throw new MongoError(
        18533,
        `$dateToString requires that 'format' be a string, found: ${typeName(pattern)} with value ${formatValue(pattern)}`,
      );
    }
    if (nullish(value)) return onNull ? onNull.run() : null;
    if ((format && nullish(pattern)) || (timezone && nullish(zoneName))) return null;
    const zone = zoneArgument(zoneName);
    const fallback = zone.utc ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L';
    return formatDate(timeOf(value), typeof pattern === 'string' ? pattern : fallback, zone);
  });
};

function checkZone(value: MaybeValue): void {
  if (!nullish(value)) zoneArgument(value);
}

const dateFromString: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$dateFromString',
    required: { dateString: [40542, "Missing 'dateString' parameter to $dateFromString"] },
    optional: ['format', 'timezone', 'onNull', 'onError'],
    notObject: (found) => [40540, `$dateFromString only supports an object as an argument, found: ${typeName(found)}`],
    unknown: (name) => [40541, `Unrecognized argument to $dateFromString: ${name}`],
  });
  const names = ['dateString', 'format', 'timezone', 'onNull', 'onError'];
  const { dateString, format, timezone, onNull, onError } = compileNamed(given, names, scope);
  const parts = [dateString!, format, timezone, onNull, onError].filter((part) => part !== undefined);
  return expression(parts, scope, () => {
    const text = dateString!.run();
    const pattern = format?.run();
    const zoneName = timezone?.run();
    if (nullish(text)) return onNull ? onNull.run() : null;
    if ((format && nullish(pattern)) || (timezone && nullish(zoneName))) return null;
    try {
      return parseText(text, pattern, zoneName === undefined ? undefined : zoneArgument(zoneName));
    } catch (error) {
      if (onError && error instanceof MongoError && error.code === 241) return onError.run();
      throw error;
    }
  });
};

function parseText(text: NonNullable<MaybeValue>, format: MaybeValue, zone: Zone | undefined): Date {
  if (typeof text !== 'string') {
    throw new MongoError(
      241,
      `$dateFromString requires that 'dateString' be a string, found: ${typeName(text)} with value ${formatValue(text)}`,
    );
  }
  if (format === undefined) return parseDate(text, zone);
  if (typeof format !== 'string') {
    throw new MongoError(
      40684,
      `$dateFromString requires that 'format' be a string, found: ${typeName(format)} with value ${formatValue(format)}`,
    );
  }
  return parseDateByFormat(text, format, zone);
}

export const dateFormatting: Compilers = { $dateToString: dateToString, $dateFromString: dateFromString };
