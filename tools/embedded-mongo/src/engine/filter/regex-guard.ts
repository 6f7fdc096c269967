import { createContext, Script, type Context } from 'node:vm';
import { MongoError } from '../errors.ts';

/** How long one match may take, and all slow matches of a pattern together, in milliseconds of the processor. */
const MATCH_MS = 100;
const PATTERN_MS = 300;
/** Matches below this are not counted: most of it is the guard itself. */
const FREE_MS = 2;

/** Texts up to these lengths can't keep such patterns busy for long. */
const SHORT_FOR_NESTED = 16;
const SHORT_FOR_MANY = 256;

interface Guard {
  readonly context: Context;
  readonly script: Script;
  readonly work: { match: (() => void) | null };
}

let guard: Guard | null = null;

function makeGuard(): Guard {
  const work: Guard['work'] = { match: null };
  return { work, context: createContext({ work }), script: new Script('work.match()') };
}

/**
 * Gives a pattern that may try exponentially many ways a limit of time: JavaScript's engine knows no limit of its own, and
 * one match would keep the server from everything else. Other patterns are left as they are.
 * @returns the same object; its matches throw MongoError 51156 beyond the limit.
 */
export function guardRegex(regex: RegExp, operator: string): RegExp {
  const from = guardedFrom(regex.source);
  return from === Infinity ? regex : limited(regex, from, operator, { leftMs: PATTERN_MS });
}

function limited(regex: RegExp, from: number, operator: string, budget: { leftMs: number }): RegExp {
  const plainExec = (text: string): RegExpExecArray | null => RegExp.prototype.exec.call(regex, text);
  const exec = (text: string): RegExpExecArray | null =>
    text.length <= from ? plainExec(text) : execWithin(() => plainExec(text), operator, budget);
  // All methods of texts and patterns go through `exec`; those that work on a copy make it with this.
  const copy = function (source: RegExp, flags: string): RegExp {
    return limited(new RegExp(source, flags), from, operator, budget);
  };
  return Object.defineProperties(regex, { exec: { value: exec }, constructor: { value: { [Symbol.species]: copy } } });
}

function execWithin<T>(match: () => T, operator: string, budget: { leftMs: number }): T {
  guard ??= makeGuard();
  const { work, script, context } = guard;
  const found: T[] = [];
  const timeout = Math.max(1, Math.min(MATCH_MS, Math.ceil(budget.leftMs)));
  const start = cpuMs();
  work.match = () => void found.push(match());
  try {
    // The timeout goes by the clock: a machine that let the process wait for its turn has not tried the pattern yet.
    while (!finishes(script, context, timeout)) {
      if (cpuMs() - start < timeout / 2) continue;
      throw new MongoError(
        51156,
        `Error occurred while executing the regular expression in ${operator}. Result code: match limit exceeded`,
      );
    }
  } finally {
    work.match = null;
    const took = cpuMs() - start;
    if (took > FREE_MS) budget.leftMs -= took;
  }
  return found[0] as T;
}

function finishes(script: Script, context: Context, timeout: number): boolean {
  try {
    script.runInContext(context, { timeout });
    return true;
  } catch (error) {
    if (isTimeout(error)) return false;
    throw error;
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** The length of a text from which matches need a guard; Infinity when none is needed. */
export function guardedFrom(source: string): number {
  /** For each open group: whether it holds a choice or a repetition. */
  const groups = [false];
  let unbounded = 0;
  for (let i = 0; i < source.length; i++) {
    const char = source[i];
    let closed = false;
    if (char === '\\') {
      const next = source[++i] ?? '';
      if (/[1-9k]/.test(next)) return SHORT_FOR_NESTED;
    } else if (char === '[') i = endOfClass(source, i);
    else if (char === '(') {
      groups.push(false);
      if (source[i + 1] === '?') i += 1;
      continue;
    } else if (char === ')') closed = groups.length > 1 && (groups.pop() ?? false);
    else if (char === '|') {
      groups[groups.length - 1] = true;
      continue;
    }
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(source.slice(i + 1, i + 16))?.[0];
    if (quantifier === undefined) {
      if (closed) groups[groups.length - 1] = true;
      continue;
    }
    i += quantifier.length;
    if (quantifier === '?') {
      groups[groups.length - 1] = true;
      continue;
    }
    if (closed) return SHORT_FOR_NESTED;
    if (!/^\{\d+\}$/.test(quantifier)) {
      unbounded += 1;
      groups[groups.length - 1] = true;
    }
  }
  return unbounded >= 3 ? SHORT_FOR_MANY : Infinity;
}

function endOfClass(source: string, start: number): number {
  let i = start + 1;
  while (i < source.length && source[i] !== ']') i += source[i] === '\\' ? 2 : 1;
  return i;
}
