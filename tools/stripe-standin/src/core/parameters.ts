import { invalidParameter, type ApiError } from './api-error.ts';
import type { FormTree, FormValue } from './form-encoding.ts';

/** Reads one parameter; `path` is its name as Stripe prints it (`line_items[0][quantity]`). */
export interface Param<T> {
  parse(value: FormValue | undefined, path: string): T;
}

export type Params<S extends Record<string, Param<unknown>>> = { [K in keyof S]: ReturnType<S[K]['parse']> };

function required(path: string): ApiError {
  return invalidParameter(`Missing required param: ${path}.`, path, 'parameter_missing');
}

function textOf(value: FormValue | undefined, path: string): string {
  if (value === undefined) throw required(path);
  if (typeof value !== 'string') throw invalidParameter('Invalid string', path);
  return value;
}

export function text(options: { max?: number; min?: number } = {}): Param<string> {
  const { max = 5000, min = 1 } = options;
  return {
    parse(value, path) {
      const string = textOf(value, path);
      if (string.length < min) {
        throw invalidParameter(
          `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however '${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`,
          path,
          'parameter_invalid_empty',
        );
      }
      if (string.length > max) {
        throw invalidParameter(`Invalid string: must be at most ${max} characters`, path, 'parameter_invalid_string');
      }
      return string;
    },
  };
}

export function integer(options: { min?: number; max?: number } = {}): Param<number> {
  const { min, max = 999_999_999_999 } = options;
  return {
    parse(value, path) {
      const string = textOf(value, path);
      if (!/^-?\d{1,15}$/.test(string)) {
        throw invalidParameter(`Invalid integer: ${string}`, path, 'parameter_invalid_integer');
      }
      const number = Number(string);
      if (min !== undefined && number < min) {
        throw invalidParameter(
          `This value must be greater than or equal to ${min}.`,
          path,
          'parameter_invalid_integer',
        );
      }
      if (number > max) {
        throw invalidParameter(`This value must be less than or equal to ${max}.`, path, 'parameter_invalid_integer');
      }
      return number;
    },
  };
}

export function decimal(options: { min: number; max: number }): Param<number> {
  return {
    parse(value, path) {
      const string = textOf(value, path);
      const number = /^\d+(\.\d+)?$/.test(string) ? Number(string) : Number.NaN;
      if (Number.isNaN(number)) throw invalidParameter(`Invalid decimal: ${string}`, path);
      if (number < options.min || number > options.max) {
        throw invalidParameter(`Invalid decimal: must be between ${options.min} and ${options.max}`, path);
      }
      return number;
    },
  };
}

export function bool(): Param<boolean> {
  return {
    parse(value, path) {
      const string = textOf(value, path);
      if (string === 'true') return true;
      if (string === 'false') return false;
      throw invalidParameter(`Invalid boolean: ${string}`, path);
    },
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Param<T> {
  return {
    parse(value, path) {
      const string = textOf(value, path);
      const found = choices.find((choice) => choice === string);
      if (found === undefined) throw invalidParameter(`Invalid ${path}: must be one of ${choices.join(', ')}`, path);
      return found;
    },
  };
}

export function currency(): Param<string> {
  return {
    parse(value, path) {
      const string = textOf(value, path);
      if (!/^[a-zA-Z]{3}$/.test(string)) throw invalidParameter(`Invalid currency: ${string}.`, path);
      return string.toLowerCase();
    },
  };
}

export function webUrl(): Param<string> {
  return {
    parse(value, path) {
      const string = textOf(value, path);
      // The placeholder's braces are legal in what Stripe accepts, so they are checked as plain text.
      const url = URL.parse(string.replaceAll('{CHECKOUT_SESSION_ID}', 'id'));
      if (!url || !/^https?:$/.test(url.protocol)) throw invalidParameter('Not a valid URL', path, 'url_invalid');
      return string;
    },
  };
}

export function email(): Param<string> {
  return {
    parse(value, path) {
      const string = textOf(value, path);
      if (!/^[^\s@]+@[^\s@]+$/.test(string)) {
        throw invalidParameter(`Invalid email address: ${string}`, path, 'email_invalid');
      }
      return string;
    },
  };
}

/** Metadata as sent: an empty value removes a key, an empty string instead of a hash removes them all. */
export function metadata(): Param<Record<string, string>> {
  return {
    parse(value, path) {
      if (value === undefined || value === '') return {};
      if (typeof value === 'string') throw invalidParameter('Invalid hash', path);
      const entries = Object.entries(value);
      if (entries.length > 50) throw invalidParameter('Metadata can have at most 50 keys.', path);
      const result: Record<string, string> = {};
      for (const [key, item] of entries) {
        if (typeof item !== 'string') throw invalidParameter('Metadata values must be strings.', `${path}[${key}]`);
        if (key.length > 40) throw invalidParameter('Metadata keys can be at most 40 characters.', `${path}[${key}]`);
        if (item.length > 500) {
          throw invalidParameter('Metadata values can be at most 500 characters.', `${path}[${key}]`);
        }
        result[key] = item;
      }
      return result;
    },
  };
}

export function list<T>(item: Param<T>, options: { max?: number; min?: number } = {}): Param<T[]> {
  const { max = 100, min = 0 } = options;
  return {
    parse(value, path) {
      if (value === undefined) throw required(path);
      if (value === '') return [];
      if (typeof value === 'string') throw invalidParameter('Invalid array', path);
      const names = Object.keys(value);
      if (!names.every((name) => /^\d+$/.test(name))) throw invalidParameter('Invalid array', path);
      if (names.length > max) throw invalidParameter(`Array ${path} exceeded maximum ${max} allowed elements.`, path);
      if (names.length < min) throw required(path);
      return names
        .sort((a, b) => Number(a) - Number(b))
        .map((name, index) => item.parse(value[name], `${path}[${index}]`));
    },
  };
}

export function object<S extends Record<string, Param<unknown>>>(shape: S): Param<Params<S>> {
  return {
    parse(value, path) {
      if (value === undefined) throw required(path);
      if (typeof value === 'string') throw invalidParameter('Invalid hash', path);
      return parseFields(shape, value, (name) => (path === '' ? name : `${path}[${name}]`));
    },
  };
}

export function optional<T>(inner: Param<T>): Param<T | undefined> {
  return { parse: (value, path) => (value === undefined ? undefined : inner.parse(value, path)) };
}

/** Accepted and kept as it came, for settings that change nothing here. */
export function anything(): Param<FormValue | undefined> {
  return { parse: (value) => value };
}

/** `created=…` or `created[gte]=…`. */
export function timeRange(): Param<{ gt?: number; gte?: number; lt?: number; lte?: number }> {
  const bounds = {
    gt: optional(integer()),
    gte: optional(integer()),
    lt: optional(integer()),
    lte: optional(integer()),
  };
  return {
    parse(value, path) {
      if (typeof value === 'string') {
        const exact = integer().parse(value, path);
        return { gte: exact, lte: exact };
      }
      const parsed = object(bounds).parse(value, path);
      return Object.fromEntries(Object.entries(parsed).filter(([, bound]) => bound !== undefined));
    },
  };
}

/** Parses a whole request; names Stripe doesn't know are refused as Stripe refuses them. */
export function parseParameters<S extends Record<string, Param<unknown>>>(shape: S, tree: FormTree): Params<S> {
  return parseFields(shape, tree, (name) => name);
}

function parseFields<S extends Record<string, Param<unknown>>>(
  shape: S,
  tree: FormTree,
  pathOf: (name: string) => string,
): Params<S> {
  const unknown = Object.keys(tree).filter((name) => !Object.hasOwn(shape, name));
  if (unknown.length > 0) {
    const names = unknown.map(pathOf);
    throw invalidParameter(
      `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`,
      names[0] ?? '',
      'parameter_unknown',
    );
  }
  const entries = Object.entries(shape).map(([name, param]) => [name, param.parse(tree[name], pathOf(name))]);
  return Object.fromEntries(entries) as Params<S>;
}
