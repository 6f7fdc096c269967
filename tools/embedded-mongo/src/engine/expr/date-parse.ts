import { MongoError } from '../errors.ts';
import { MONTHS } from './date-parts.ts';
import { fromLocal, UTC, utcTime, zoneOf } from './timezone.ts';
import type { Zone } from './timezone.ts';

const failure = (text: string, detail: string): MongoError =>
  new MongoError(241, `Error parsing date string '${text}'; ${detail}`);

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly zone: string | undefined;
}

const TIME = String.raw`(?:[T ]+(\d{1,2})(?::?(\d{2}))?(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*$`;
const FORMS: readonly (readonly [pattern: RegExp, order: 'ymd' | 'dmy' | 'mdy'])[] = [
  [new RegExp(String.raw`^\s*(\d{4})-(\d{1,2})(?:-(\d{1,2}))?${TIME}`), 'ymd'],
  [new RegExp(String.raw`^\s*(\d{4})/(\d{1,2})/(\d{1,2})${TIME}`), 'ymd'],
  [new RegExp(String.raw`^\s*(\d{4})(\d{2})(\d{2})${TIME}`), 'ymd'],
  [new RegExp(String.raw`^\s*(\d{1,2})/(\d{1,2})/(\d{4})${TIME}`), 'mdy'],
  [new RegExp(String.raw`^\s*(\d{1,2})[-.](\d{1,2})[-.](\d{4})${TIME}`), 'dmy'],
  [new RegExp(String.raw`^\s*([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})${TIME}`), 'mdy'],
  [new RegExp(String.raw`^\s*(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})${TIME}`), 'dmy'],
];

function monthNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  return MONTHS.findIndex((name) => text.length >= 3 && name.toLowerCase().startsWith(text.toLowerCase())) + 1;
}

/**
 * Parses a date text without a format: ISO 8601 and the usual written forms.
 * @throws MongoError ConversionFailure.
 */
export function parseDate(text: string, zone: Zone | undefined): Date {
  if (text === '') throw failure(text, "0: Empty string '\0'");
  for (const [pattern, order] of FORMS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const [first, second, third] = [match[1]!, match[2]!, match[3] ?? '1'];
    const [year, month, day] =
      order === 'ymd' ? [first, second, third] : order === 'mdy' ? [third, first, second] : [third, second, first];
    const parts: Parts = {
      year: Number(year),
      month: monthNumber(month!),
      day: Number(day),
      hour: Number(match[4] ?? 0),
      minute: Number(match[5] ?? 0),
      second: Number(match[6] ?? 0),
      millisecond: Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3)),
      zone: match[8],
    };
    return build(text, parts, zone);
  }
  throw unparsable(text);
}

function unparsable(text: string): MongoError {
  if (/^\d{4}$/.test(text)) {
    return new MongoError(241, `an incomplete date/time string has been found, with elements missing: "${text}"`);
  }
  if (/^[a-zA-Z]/.test(text)) {
    return failure(text, `0: passing a time zone identifier as part of the string is not allowed '${text[0]!}'`);
  }
  return failure(text, `0: Unexpected character '${text[0]!}'`);
}

function build(text: string, parts: Parts, zone: Zone | undefined): Date {
  const { year, month, day, hour, minute, second, millisecond } = parts;
  if (month < 1 || month > 12) throw failure(text, `6: Unexpected character '${text[6] ?? ''}'`);
  const local = utcTime(year, month - 1, day, hour, minute, second, millisecond);
  const valid = day >= 1 && hour < 25 && minute < 60 && second < 61;
  if (!valid || new Date(utcTime(year, month - 1, day)).getUTCDate() !== day) {
    throw failure(text, `${text.length + 1}: The parsed date was invalid '\0'`);
  }
  if (parts.zone !== undefined && zone) {
    throw new MongoError(
      241,
      `you cannot pass in a date/time string with time zone information ('${parts.zone}') together with a timezone argument`,
    );
  }
  const own = parts.zone === undefined ? zone : parts.zone === 'Z' ? UTC : zoneOf(parts.zone);
  return new Date(fromLocal(own ?? UTC, local));
}

const DIRECTIVES: Record<string, string> = {
  Y: String.raw`(?<Y>\d{4})`,
  m: String.raw`(?<m>\d{1,2})`,
  d: String.raw`(?<d>\d{1,2})`,
  H: String.raw`(?<H>\d{1,2})`,
  M: String.raw`(?<M>\d{1,2})`,
  S: String.raw`(?<S>\d{1,2})`,
  L: String.raw`(?<L>\d{1,3})`,
  j: String.raw`(?<j>\d{1,3})`,
  b: String.raw`(?<b>[A-Za-z]{3})`,
  B: String.raw`(?<b>[A-Za-z]{3,9})`,
  z: String.raw`(?<z>Z|[+-]\d{2}:?\d{2})`,
  Z: String.raw`(?<Z>[+-]\d+)`,
  G: String.raw`(?<G>\d{4})`,
  V: String.raw`(?<V>\d{1,2})`,
  u: String.raw`(?<u>\d)`,
  '%': '%',
};

/** Parses a date text by a format of `%` directives. @throws MongoError ConversionFailure. */
export function parseDateByFormat(text: string, format: string, zone: Zone | undefined): Date {
  const match = formatPattern(format).exec(text);
  if (!match?.groups) throw failure(text, `0: Format literal not found '${text[0] ?? ' '}'`);
  const g = match.groups;
  const number = (name: string, fallback: number): number => (g[name] === undefined ? fallback : Number(g[name]));
  if (g['G'] !== undefined) return isoDateOf(number('G', 1970), number('V', 1), number('u', 1), zone);
  const offset = g['Z'] === undefined ? g['z'] : offsetText(Number(g['Z']));
  const parts: Parts = {
    year: number('Y', 1970),
    month: g['b'] === undefined ? number('m', 1) : monthNumber(g['b']),
    day: number('d', 1),
    hour: number('H', 0),
    minute: number('M', 0),
    second: number('S', 0),
    millisecond: Number((g['L'] ?? '0').padEnd(3, '0')),
    zone: offset,
  };
  const date = build(text, parts, zone);
  return g['j'] === undefined ? date : new Date(date.getTime() + (Number(g['j']) - 1) * 86400000);
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

function formatPattern(format: string): RegExp {
  let source = '';
  for (let i = 0; i < format.length; i++) {
    const char = format[i]!;
    if (char !== '%') {
      source += char.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      continue;
    }
    const name = format[++i];
    if (name === undefined) throw new MongoError(18535, "Unmatched '%' at end of format string");
    const directive = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
    if (directive === undefined) throw new MongoError(18536, `Invalid format character '%${name}' in format string`);
    source += directive;
  }
  return new RegExp(`^${source}$`);
}

/** The instant of an ISO week date. */
export function isoDateOf(year: number, week: number, day: number, zone: Zone | undefined): Date {
  const january4 = new Date(utcTime(year, 0, 4));
  const monday = january4.getTime() - ((january4.getUTCDay() || 7) - 1) * 86400000;
  return new Date(fromLocal(zone ?? UTC, monday + ((week - 1) * 7 + day - 1) * 86400000));
}
