import { MongoError } from '../errors.ts';

/** A time zone: the milliseconds that local time is ahead of UTC at an instant. */
export interface Zone {
  readonly utc: boolean;
  offsetAt(time: number): number;
}

export const UTC: Zone = { utc: true, offsetAt: () => 0 };

const QUARTER = 900000;
const zones = new Map<string, Zone>();

/**
 * The zone of an identifier (`Europe/Berlin`) or offset (`+05:30`, `+0530`, `+05`).
 * @throws MongoError 40485 when it is not known.
 */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = createZone(name);
  zones.set(name, zone);
  return zone;
}

function createZone(name: string): Zone {
  if (name === 'UTC' || name === 'GMT') return UTC;
  const match = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(name);
  if (match) {
    const offset = (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60000 * (match[1] === '-' ? -1 : 1);
    return { utc: offset === 0, offsetAt: () => offset };
  }
  let format: Intl.DateTimeFormat;
  try {
    if (!/^[A-Za-z]{3}/.test(name)) throw new RangeError(name);
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  } catch {
    throw new MongoError(40485, `unrecognized time zone identifier: "${name}"`);
  }
  const cache = new Map<number, number>();
  return {
    utc: false,
    // Offsets change at most at quarters of an hour.
    offsetAt(time) {
      const quarter = Math.floor(time / QUARTER);
      let offset = cache.get(quarter);
      if (offset === undefined) {
        offset = measure(format, quarter * QUARTER);
        if (cache.size > 20000) cache.clear();
        cache.set(quarter, offset);
      }
      return offset;
    },
  };
}

function measure(format: Intl.DateTimeFormat, time: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(time)) parts[type] = value;
  const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
  const local = utcTime(
    year,
    Number(parts['month']) - 1,
    Number(parts['day']),
    Number(parts['hour']),
    Number(parts['minute']),
    Number(parts['second']),
  );
  return local - time;
}

/** Milliseconds of a UTC date, with years below 100 taken as they are. */
export function utcTime(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second, millisecond);
  return date.getTime();
}

/** The instant of a local time given as if it were UTC. */
export function fromLocal(zone: Zone, local: number): number {
  const first = local - zone.offsetAt(local);
  const offset = zone.offsetAt(first);
  const second = local - offset;
  // In the hour that is skipped or repeated, the earlier offset counts.
  return zone.offsetAt(second) === offset ? second : first;
}
