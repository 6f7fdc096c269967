import { createHash } from 'node:crypto';

const write = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('A number that is not finite has no canonical form');
      return JSON.stringify(value);
    case 'bigint':
      return JSON.stringify(`${value}n`);
    case 'object': {
      if (value === null) return 'null';
      if (value instanceof Date) return JSON.stringify(value.toISOString());
      if (Array.isArray(value))
        return `[${value.map((item) => (item === undefined ? 'null' : write(item))).join(',')}]`;
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      // By code units, as `sort` does: the same everywhere, whatever the locale.
      entries.sort(([left], [right]) => (left < right ? -1 : 1));
      return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`).join(',')}}`;
    }
    default:
      throw new TypeError(`A ${typeof value} has no canonical form`);
  }
};

/**
 * JSON with sorted keys and without undefined members: equal values give equal texts. Dates are ISO strings, bigints
 * end in `n`. Throws a TypeError for NaN, infinities, functions and symbols.
 */
export const canonicalJson = (value: unknown): string => write(value === undefined ? null : value);

/** The SHA-256 of a value's canonical JSON, base64url: tells whether two inputs are the same. */
export const fingerprint = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('base64url');
