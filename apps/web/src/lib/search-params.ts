/** A key, a dot and the key of a record: `attr.Colour=Red`. */
const NESTED_KEY = /^([a-z]+)\.(.+)$/s;

/**
 * Plain `?a=1&b=two` addresses instead of the router's JSON ones: readable, and safe to type by hand. `?a.x=1&a.x=2` is a
 * record of lists, `{ a: { x: ['1', '2'] } }`.
 */
export function parseSearch(search: string): Record<string, string | Record<string, string[]>> {
  const plain = new Map<string, string>();
  const records = new Map<string, Map<string, string[]>>();
  for (const [key, value] of new URLSearchParams(search)) {
    const [, name, part] = NESTED_KEY.exec(key) ?? [];
    if (name === undefined || part === undefined) {
      plain.set(key, value);
      continue;
    }
    const record = records.get(name) ?? new Map<string, string[]>();
    record.set(part, [...(record.get(part) ?? []), value]);
    records.set(name, record);
  }
  const nested = [...records].map(([name, record]) => [name, Object.fromEntries(record)] as const);
  return Object.fromEntries([...plain, ...nested]);
}

/** The other way round; empty values leave no trace, `true` becomes `1`. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '' || value === false) continue;
    if (typeof value === 'object') {
      for (const [part, values] of Object.entries(value as Record<string, readonly string[]>)) {
        for (const each of values) params.append(`${key}.${part}`, each);
      }
    } else {
      params.set(key, value === true ? '1' : String(value));
    }
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A non-empty string of at most `maximum` characters, else undefined. */
export function textParam(value: unknown, maximum = 200): string | undefined {
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  return text === '' ? undefined : text.slice(0, maximum);
}

/** A whole number within bounds, else undefined. */
export function integerParam(value: unknown, minimum: number, maximum: number): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  return Number.isInteger(number) && number >= minimum && number <= maximum ? number : undefined;
}

/** True for `1` and `true`, else undefined, so that an unset flag leaves the address clean. */
export function flagParam(value: unknown): true | undefined {
  return value === true || value === 1 || value === '1' || value === 'true' ? true : undefined;
}

/** One of the given words, else undefined. */
export function wordParam<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  return words.find((word) => word === value);
}

/** A calendar day as `YYYY-MM-DD`, else undefined. */
export function dayParam(value: unknown): string | undefined {
  const text = textParam(value, 10) ?? '';
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) ? text : undefined;
}

/** Drops what is undefined, so the result fits exact optional properties. */
export function compact<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/**
 * An address of this site to go on to after signing in; anything else is ignored, also `//host` and `/<tab>/host`, which
 * browsers read as the former.
 */
export function localPath(value: unknown): string | undefined {
  const text = textParam(value, 500);
  return text !== undefined && /^\/(?![/\\])\P{Cc}*$/u.test(text) ? text : undefined;
}
