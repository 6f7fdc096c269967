import { BSONRegExp, isRegExp } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { guardRegex } from './regex-guard.ts';

/**
 * Compiles a pattern of the PCRE dialect: options i, m, s, x, u and the inline forms `(?i)` at the start. What both
 * dialects share is passed on; `\A`, `\z`, `\Z`, `\h` and POSIX classes are translated.
 * Matches of dangerous patterns are limited in time (51156).
 * @throws MongoError 51091 for a pattern that isn't valid, 51108 for an unknown option.
 */
export function compileRegex(pattern: string, options: string, operator = '$regex', extraFlags = ''): RegExp {
  if (pattern.includes('\0'))
    throw new MongoError(51109, `${operator}: regular expression cannot contain an embedded null byte`);
  let flags = extraFlags;
  let source = pattern;
  let extended = false;
  for (const option of options) {
    if (option === 'x') extended = true;
    else if ('ims'.includes(option)) flags += flags.includes(option) ? '' : option;
    else if (option !== 'u') throw new MongoError(51108, ` invalid flag in regex options: ${option}`);
  }
  const inline = /^\(\?([imsx]+)\)/.exec(source);
  if (inline) {
    source = source.slice(inline[0].length);
    for (const option of inline[1]!) {
      if (option === 'x') extended = true;
      else if (!flags.includes(option)) flags += option;
    }
  }
  source = translate(extended ? stripExtended(source) : source);
  return guardRegex(build(source, flags), operator);
}

function build(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // The unicode mode refuses harmless escapes such as `\-`; the plain mode takes them.
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new MongoError(51091, `Regular expression is invalid: ${reasonOf(String(error))}`);
  }
}

function reasonOf(message: string): string {
  if (/Unterminated group/.test(message)) return 'missing closing parenthesis';
  if (/Unmatched '\)'/.test(message)) return 'unmatched closing parenthesis';
  if (/Nothing to repeat/.test(message)) return 'quantifier does not follow a repeatable item';
  if (/Unterminated character class/.test(message)) return 'missing terminating ] for character class';
  if (/at end of pattern/.test(message)) return '\\ at end of pattern';
  if (/out of order/.test(message)) return 'range out of order in character class';
  return 'unrecognized pattern';
}

function stripExtended(source: string): string {
  let result = '';
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!;
    if (char === '\\') {
      result += char + (source[++i] ?? '');
    } else if (inClass) {
      inClass = char !== ']';
      result += char;
    } else if (char === '#') {
      while (i < source.length && source[i] !== '\n') i++;
    } else if (!/\s/.test(char)) {
      inClass = char === '[';
      result += char;
    }
  }
  return result;
}

const POSIX: Record<string, string> = {
  '[:alpha:]': 'a-zA-Z',
  '[:digit:]': '0-9',
  '[:alnum:]': 'a-zA-Z0-9',
  '[:space:]': '\\s',
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
  '[:punct:]': '!-\\/:-@\\[-`{-~',
  '[:xdigit:]': '0-9a-fA-F',
  '[:word:]': '\\w',
};

function translate(source: string): string {
  return source
    .replace(/\\([\s\S])/g, (escape, char: string) => {
      if (char === 'A') return '^';
      if (char === 'z' || char === 'Z') return '$';
      return char === 'h' ? '[ \\t]' : escape;
    })
    .replace(/\[:(?:alpha|digit|alnum|space|upper|lower|punct|xdigit|word):\]/g, (name) => POSIX[name]!)
    .replace(/\(\?P<(\w+)>/g, '(?<$1>')
    .replace(/(^|[^\\])\(\?>/g, '$1(?:');
}

/** The literal text that every match of the pattern starts with, or undefined when there is none. */
export function regexPrefix(pattern: string, options: string): string | undefined {
  if (!pattern.startsWith('^') || /[imx]/.test(options) || pattern.includes('|')) return undefined;
  let prefix = '';
  for (let i = 1; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === '\\') {
      const next = pattern[i + 1];
      if (next === undefined || /[a-zA-Z0-9]/.test(next)) break;
      prefix += next;
      i++;
    } else if (/[.[\](){}^$*+?]/.test(char)) {
      if ('*?{'.includes(char)) prefix = [...prefix].slice(0, -1).join('');
      break;
    } else {
      prefix += char;
    }
  }
  return prefix === '' ? undefined : prefix;
}

/** Reads `$regex` and `$options`, each possibly inside a regular expression value. */
export function regexOf(value: Value, options: Value | undefined): BSONRegExp {
  if (isRegExp(value)) {
    if (options === undefined) return value;
    if (typeof options !== 'string') throw new MongoError(2, '$options has to be a string');
    if (value.options !== '') throw new MongoError(51075, 'options set in both $regex and $options');
    return new BSONRegExp(value.pattern, sortOptions(options));
  }
  if (typeof value !== 'string') throw new MongoError(2, '$regex has to be a string');
  if (options !== undefined && typeof options !== 'string') throw new MongoError(2, '$options has to be a string');
  compileRegex('', options ?? '');
  return new BSONRegExp(value, sortOptions(options ?? ''));
}

function sortOptions(options: string): string {
  return [...new Set(options)].sort().join('');
}
