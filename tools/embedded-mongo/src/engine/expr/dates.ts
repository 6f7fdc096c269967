import { Doc, isNumber, isTimestamp, Long, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatElement, formatValue } from '../format.ts';
import { integralOf } from '../numbers.ts';
import { expression, nullish, unary } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { dateArithmetic } from './date-arithmetic.ts';
import { isoDateOf } from './date-parse.ts';
import { dayOfYear, isoDay, isoWeek, localDate, sundayWeek, timeOf, zoneArgument } from './date-parts.ts';
import { compileExpression } from './index.ts';
import { compileNamed, namedArguments } from './named.ts';
import type { Scope } from './scope.ts';
import { fromLocal, utcTime } from './timezone.ts';

/** `$year` and the like: one field of a date in a time zone. */
function part(read: (local: Date) => Value): Compiler {
  return (argument, scope, operator) => {
    const { date, timezone } = dateAndZone(argument, scope, operator);
    if (timezone) expression([timezone], scope, () => (checkZone(timezone.run()), null));
    return expression(timezone ? [date, timezone] : [date], scope, () => {
      const value = date.run();
      const name = timezone?.run();
      if (nullish(value) || (timezone && nullish(name))) return null;
      return read(localDate(timeOf(value), zoneArgument(name)));
    });
  };
}

function checkZone(name: MaybeValue): void {
  if (!nullish(name)) zoneArgument(name);
}

function dateAndZone(
  argument: Value,
  scope: Scope,
  operator: string,
): { readonly date: Expr; readonly timezone: Expr | undefined } {
  if (Array.isArray(argument)) {
    if (argument.length !== 1) {
      throw new MongoError(
        40536,
        `${operator} accepts exactly one argument if given an array, but was given ${argument.length}`,
      );
    }
    return { date: compileExpression(argument[0]!, scope), timezone: undefined };
  }
  if (!(argument instanceof Doc) || argument.keys[0]?.startsWith('$')) {
    return { date: compileExpression(argument, scope), timezone: undefined };
  }
  for (const key of argument.keys) {
    if (key !== 'date' && key !== 'timezone')
      throw new MongoError(40535, `unrecognized option to ${operator}: "${key}"`);
  }
  const date = argument.get('date');
  if (date === undefined) {
    throw new MongoError(
      40539,
      `missing 'date' argument to ${operator}, provided: ${formatElement(operator, argument)}`,
    );
  }
  const zone = argument.get('timezone');
  return {
    date: compileExpression(date, scope),
    timezone: zone === undefined ? undefined : compileExpression(zone, scope),
  };
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'];
const ISO_FIELDS = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek', 'hour', 'minute', 'second', 'millisecond'];

const dateFromParts: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$dateFromParts',
    required: {},
    optional: [...FIELDS, ...ISO_FIELDS, 'timezone'],
    notObject: (found) => [40519, `$dateFromParts only supports an object as its argument, found: ${typeName(found)}`],
    unknown: (name) => [40518, `Unrecognized argument to $dateFromParts: ${name}`],
  });
  const iso = given['isoWeekYear'] !== undefined;
  if (!iso && given['year'] === undefined) {
    throw new MongoError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  }
  const mixed = iso ? ['year', 'month', 'day'] : ['isoWeek', 'isoDayOfWeek'];
  if (mixed.some((name) => given[name] !== undefined)) {
    throw new MongoError(
      iso ? 40525 : 40489,
      `$dateFromParts does not allow mixing ${iso ? 'ISO dates with natural' : 'natural dates with ISO'} dates`,
    );
  }
  const names = iso ? ISO_FIELDS : FIELDS;
  const compiled = compileNamed(given, [...names, 'timezone'], scope);
  const parts = Object.values(compiled).filter((item) => item !== undefined);
  return expression(parts, scope, () => {
    const numbers: number[] = [];
    for (const [i, name] of names.entries()) {
      const value = compiled[name] ? compiled[name].run() : i > 0 && i < 3 ? 1 : 0;
      if (nullish(value)) return null;
      numbers.push(fieldNumber(name, value));
    }
    const zoneName = compiled['timezone']?.run();
    if (compiled['timezone'] && nullish(zoneName)) return null;
    return assemble(numbers, iso, zoneName);
  });
};

function fieldNumber(name: string, value: NonNullable<MaybeValue>): number {
  const whole = isNumber(value) ? integralOf(value) : undefined;
  if (whole === undefined) {
    throw new MongoError(
      40515,
      `'${name}' must evaluate to an integer, found ${typeName(value)} with value ${formatValue(value)}`,
    );
  }
  const number = Number(whole);
  if (name === 'year' || name === 'isoWeekYear') {
    if (number < 1 || number > 9999) {
      const code = name === 'year' ? 40523 : 31095;
      throw new MongoError(code, `'${name}' must evaluate to an integer in the range 1 to 9999, found ${number}`);
    }
  } else if (name !== 'second' && name !== 'millisecond' && (number < -32768 || number > 32767)) {
    throw new MongoError(
      31034,
      `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${number} is not in range`,
    );
  }
  return number;
}

function assemble(numbers: readonly number[], iso: boolean, zoneName: MaybeValue): Date {
  const [first, second, third, hour, minute, seconds, millisecond] = numbers as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zone = zoneArgument(zoneName);
  const day = iso ? isoDateOf(first, second, third, undefined).getTime() : utcTime(first, second - 1, third);
  return new Date(fromLocal(zone, day + hour * 3600000 + minute * 60000 + seconds * 1000 + millisecond));
}

const dateToParts: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$dateToParts',
    required: { date: [40522, "Missing 'date' parameter to $dateToParts"] },
    optional: ['timezone', 'iso8601'],
    notObject: () => [40524, '$dateToParts only supports an object as its argument'],
    unknown: (name) => [40520, `Unrecognized argument to $dateToParts: ${name}`],
  });
  const { date, timezone, iso8601 } = compileNamed(given, ['date', 'timezone', 'iso8601'], scope);
  const parts = [date!, timezone, iso8601].filter((item) => item !== undefined);
  return expression(parts, scope, () => {
    const value = date!.run();
    const zoneName = timezone?.run();
    if (timezone && nullish(zoneName)) return null;
    const iso = iso8601?.run();
    if (iso8601 && nullish(iso)) return null;
    if (iso8601 && typeof iso !== 'boolean')
      throw new MongoError(40521, `iso8601 must evaluate to a bool, found ${typeName(iso)}`);
    if (nullish(value)) return null;
    const local = localDate(timeOf(value), zoneArgument(zoneName));
    return describe(local, iso === true);
  });
};

function describe(local: Date, iso: boolean): Doc {
  const week = isoWeek(local);
  const day: [string, Value][] = iso
    ? [
        ['isoWeekYear', week.year],
        ['isoWeek', week.week],
        ['isoDayOfWeek', isoDay(local)],
      ]
    : [
        ['year', local.getUTCFullYear()],
        ['month', local.getUTCMonth() + 1],
        ['day', local.getUTCDate()],
      ];
  return Doc.of(
    ...day,
    ['hour', local.getUTCHours()],
    ['minute', local.getUTCMinutes()],
    ['second', local.getUTCSeconds()],
    ['millisecond', local.getUTCMilliseconds()],
  );
}

function timestampPart(
  operator: string,
  read: (value: { readonly t: number; readonly i: number }) => number,
  code: number,
): Compiler {
  return unary((value) => {
    if (nullish(value)) return null;
    if (!isTimestamp(value))
      throw new MongoError(code, ` Argument to ${operator} must be a timestamp, but is ${typeName(value)}`);
    return Long.fromNumber(read(value));
  });
}

export const dates: Compilers = {
  $year: part((local) => local.getUTCFullYear()),
  $month: part((local) => local.getUTCMonth() + 1),
  $dayOfMonth: part((local) => local.getUTCDate()),
  $dayOfWeek: part((local) => local.getUTCDay() + 1),
  $dayOfYear: part(dayOfYear),
  $hour: part((local) => local.getUTCHours()),
  $minute: part((local) => local.getUTCMinutes()),
  $second: part((local) => local.getUTCSeconds()),
  $millisecond: part((local) => local.getUTCMilliseconds()),
  $week: part(sundayWeek),
  $isoWeek: part((local) => isoWeek(local).week),
  $isoWeekYear: part((local) => Long.fromNumber(isoWeek(local).year)),
  $isoDayOfWeek: part(isoDay),
  $dateFromParts: dateFromParts,
  $dateToParts: dateToParts,
  $tsSecond: timestampPart('$tsSecond', ({ t }) => t, 5687301),
  $tsIncrement: timestampPart('$tsIncrement', ({ i }) => i, 5687302),
  ...dateArithmetic,
};
