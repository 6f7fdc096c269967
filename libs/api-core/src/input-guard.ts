import superjson from 'superjson';
import type { SuperJSONResult } from 'superjson';

const DEPTH_MAX = 32;
const NODES_MAX = 5_000;
const ANNOTATIONS_MAX = 1_000;
const BIGINT_DIGITS_MAX = 40;
const DATE_LENGTH_MAX = 40;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const rejected = Symbol('rejected input');

/**
 * What the guard answers in place of an input that it refuses. It isn't thrown: over a WebSocket an error there can't be
 * matched to its call, and in a batch it would fail the other calls too. Every procedure checks for it first.
 * (An own symbol key survives the spread by which tRPC adds `lastEventId`.)
 */
type RejectedInput = { [rejected]: string };

const reject = (why: string): RejectedInput => ({ [rejected]: why });

/** Why the guard refused an input; undefined when it didn't. */
export const rejectionOf = (input: unknown): string | undefined =>
  typeof input === 'object' && input !== null && rejected in input ? (input as RejectedInput)[rejected] : undefined;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks depth, size and keys without recursion: a deep input must not overflow the stack. */
const shapeProblem = (root: unknown): string | undefined => {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  let nodes = 0;
  for (let item = open.pop(); item; item = open.pop()) {
    const { value, depth } = item;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= DEPTH_MAX) return 'nested too deeply';
    const keys = Object.keys(value);
    nodes += keys.length;
    if (nodes > NODES_MAX) return 'too many values';
    for (const key of keys) {
      if (FORBIDDEN_KEYS.has(key)) return 'forbidden key';
      open.push({ value: (value as Record<string, unknown>)[key], depth: depth + 1 });
    }
  }
  return undefined;
};

/** Splits a superjson path: dots separate, `\.` and `\\` are literal. Undefined when it is malformed. */
const splitPath = (path: string): string[] | undefined => {
  const segments: string[] = [];
  let segment = '';
  for (let index = 0; index < path.length; index += 1) {
    const char = path[index];
    if (char === '\\') {
      index += 1;
      const escaped = path[index];
      if (escaped !== '.' && escaped !== '\\') return undefined;
      segment += escaped;
    } else if (char === '.') {
      segments.push(segment);
      segment = '';
    } else {
      segment += char;
    }
  }
  segments.push(segment);
  return segments;
};

/** The value at a path, followed through own properties only. */
const valueAt = (root: unknown, path: readonly string[]): { value: unknown } | undefined => {
  let value = root;
  for (const segment of path) {
    if (FORBIDDEN_KEYS.has(segment)) return undefined;
    if (Array.isArray(value) && !/^(0|[1-9]\d{0,6})$/.test(segment)) return undefined;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return { value };
};

const typeFits = (type: unknown, value: unknown): boolean => {
  switch (type) {
    case 'undefined':
      return value === null || value === undefined;
    case 'Date':
      return typeof value === 'string' && value.length <= DATE_LENGTH_MAX && !Number.isNaN(Date.parse(value));
    case 'bigint':
      return typeof value === 'string' && value.length <= BIGINT_DIGITS_MAX && /^-?\d+$/.test(value);
    default:
      return false;
  }
};

/** Accepts `['Date']` and its like: one plain type, nothing nested. */
const isPlainAnnotation = (annotation: unknown): annotation is [string] =>
  Array.isArray(annotation) && annotation.length === 1 && typeof annotation[0] === 'string';

const annotationsProblem = (json: unknown, values: unknown): string | undefined => {
  if (values === undefined) return undefined;
  if (isPlainAnnotation(values)) return typeFits(values[0], json) ? undefined : 'unsupported type';
  if (!isRecord(values)) return 'malformed annotations';
  const entries = Object.entries(values);
  if (entries.length > ANNOTATIONS_MAX) return 'too many annotations';
  for (const [path, annotation] of entries) {
    const segments = splitPath(path);
    const found = segments && valueAt(json, segments);
    if (!found || !isPlainAnnotation(annotation)) return 'malformed annotations';
    if (!typeFits(annotation[0], found.value)) return 'unsupported type';
  }
  return undefined;
};

/**
 * Reads an input that superjson wrote, of a stranger. Only Date, bounded bigint and undefined are accepted beyond JSON;
 * everything is checked before superjson sees it. `referentialEqualities` (a value used twice) are dropped: the values
 * are repeated in the JSON itself.
 */
export const readGuardedInput = (payload: unknown): unknown => {
  if (payload === undefined) return undefined;
  if (!isRecord(payload)) return reject('not a superjson envelope');
  for (const key of Object.keys(payload)) {
    if (key !== 'json' && key !== 'meta') return reject('not a superjson envelope');
  }
  const { json, meta } = payload;
  const shape = shapeProblem(json);
  if (shape !== undefined) return reject(shape);
  if (meta === undefined || meta === null) return json;
  if (!isRecord(meta)) return reject('malformed annotations');
  const problem = annotationsProblem(json, meta.values);
  if (problem !== undefined) return reject(problem);
  if (meta.values === undefined) return json;
  // `v: 1` makes superjson split paths as they were split here.
  const checked = { json, meta: { values: meta.values, v: 1 } } as SuperJSONResult;
  return superjson.deserialize(checked);
};

/** The transformer of the API: guarded towards the server, plain superjson towards clients. */
export const guardedTransformer = {
  input: { serialize: (value: unknown) => superjson.serialize(value), deserialize: readGuardedInput },
  output: {
    serialize: (value: unknown) => superjson.serialize(value),
    deserialize: (payload: SuperJSONResult): unknown => superjson.deserialize(payload),
  },
};
