import { Doc, intern } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatDoc } from '../format.ts';
import { accumulatorExpressions } from './accumulating.ts';
import { arithmetic } from './arithmetic.ts';
import { arrays } from './arrays.ts';
import { comparison } from './comparison.ts';
import { conversion } from './conversion.ts';
import { constant, expression } from './core.ts';
import type { Compiler, Expr } from './core.ts';
import { dateFormatting } from './date-format.ts';
import { dates } from './dates.ts';
import { objects } from './objects.ts';
import { regexes } from './regexes.ts';
import type { Scope } from './scope.ts';
import { sets } from './sets.ts';
import { strings } from './strings.ts';

export { truthy } from './core.ts';
export type { Expr } from './core.ts';

const FAMILIES = [
  arithmetic,
  comparison,
  strings,
  regexes,
  arrays,
  sets,
  objects,
  conversion,
  dates,
  dateFormatting,
  accumulatorExpressions,
];

function findCompiler(operator: string): Compiler | undefined {
  for (const family of FAMILIES) if (Object.hasOwn(family, operator)) return family[operator];
  return undefined;
}

/**
 * Compiles an aggregation expression.
 * @throws MongoError with MongoDB's code for unknown operators, wrong arguments and undefined variables.
 */
export function compileExpression(spec: Value, scope: Scope): Expr {
  if (typeof spec === 'string') return spec.startsWith('$') ? compilePath(spec, scope) : constant(spec);
  if (Array.isArray(spec)) return compileArray(spec, scope);
  if (spec instanceof Doc) return compileObject(spec, scope);
  return constant(spec);
}

function compileArray(items: readonly Value[], scope: Scope): Expr {
  const parts = items.map((item) => compileExpression(item, scope));
  return expression(parts, scope, () => parts.map((part) => part.run() ?? null));
}

function compileObject(spec: Doc, scope: Scope): Expr {
  const first = spec.keys[0];
  if (first === undefined) return constant(spec);
  if (first.startsWith('$')) return compileOperator(spec, scope);
  const parts = spec.keys.map((key, i) => {
    checkFieldName(key);
    return compileExpression(spec.values[i]!, scope);
  });
  const { keys } = spec;
  return expression(parts, scope, () => {
    const doc = new Doc();
    for (let i = 0; i < parts.length; i++) {
      const value = parts[i]!.run();
      if (value !== undefined) doc.append(keys[i]!, value);
    }
    return doc;
  });
}

/** @throws MongoError for names that can't stand in a computed object. */
function checkFieldName(name: string): void {
  if (name.startsWith('$')) throw badName(16410, `FieldPath field names may not start with '$', given '${name}'.`);
  if (name.includes('.')) throw badName(16412, `FieldPath field names may not contain '.', given '${name}'.`);
}

function compileOperator(spec: Doc, scope: Scope): Expr {
  if (spec.size !== 1) {
    throw new MongoError(15983, `An object representing an expression must have exactly one field: ${formatDoc(spec)}`);
  }
  const operator = spec.keys[0]!;
  const compiler = findCompiler(operator);
  if (!compiler) throw new MongoError(168, `Unrecognized expression '${operator}'`);
  return compiler(spec.values[0]!, scope, operator);
}

/** Follows a path from a value the way expressions do: arrays are mapped, other values have no fields. */
export function getPath(value: MaybeValue, parts: readonly string[], at: number): MaybeValue {
  let current = value;
  for (let i = at; i < parts.length; i++) {
    if (current instanceof Doc) current = current.get(parts[i]!);
    else if (Array.isArray(current)) return mapPath(current, parts, i);
    else return undefined;
  }
  return current;
}

function mapPath(array: readonly Value[], parts: readonly string[], at: number): Value[] {
  const result: Value[] = [];
  for (const item of array) {
    if (!(item instanceof Doc)) continue;
    const value = getPath(item, parts, at);
    if (value !== undefined) result.push(value);
  }
  return result;
}

/** Splits a field path, refusing empty parts and names with a dollar sign. */
export function splitFieldPath(path: string): string[] {
  if (path === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.')) throw new MongoError(40353, "FieldPath must not end with a '.'.");
  const parts = path.split('.');
  for (const part of parts) {
    if (part === '') throw badName(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$')) throw badName(16410, `FieldPath field names may not start with '$', given '${part}'.`);
    if (part.includes('\0')) throw new MongoError(16411, "FieldPath field names may not contain '\\0'.");
  }
  return parts.map(intern);
}

function badName(code: number, problem: string): MongoError {
  return new MongoError(
    code,
    `Consider using $getField or $setField for a field path with '.' or '$'. :: caused by :: ${problem}`,
  );
}

function compilePath(text: string, scope: Scope): Expr {
  if (text.startsWith('$$')) return compileVariable(text.slice(2), scope);
  if (text === '$') throw new MongoError(16872, "'$' by itself is not a valid FieldPath");
  const parts = splitFieldPath(text.slice(1));
  const { runtime } = scope;
  const rebound = scope.variables.get('CURRENT');
  if (rebound !== undefined) return { run: () => getPath(runtime.slots[rebound], parts, 0), constant: false };
  if (parts.length === 1) {
    const [name] = parts as [string];
    return {
      run: () => (runtime.current instanceof Doc ? runtime.current.get(name) : undefined),
      constant: false,
    };
  }
  return { run: () => getPath(runtime.current, parts, 0), constant: false };
}

function compileVariable(text: string, scope: Scope): Expr {
  if (text === '') throw new MongoError(9, 'empty variable names are not allowed');
  const dot = text.indexOf('.');
  const name = dot < 0 ? text : text.slice(0, dot);
  const parts = dot < 0 ? [] : splitFieldPath(text.slice(dot + 1));
  const base = variableValue(name, scope);
  if (parts.length === 0) return base;
  return expression([base], scope, () => getPath(base.run(), parts, 0));
}

function variableValue(name: string, scope: Scope): Expr {
  const { runtime } = scope;
  const slot = scope.variables.get(name);
  if (slot !== undefined) return { run: () => runtime.slots[slot], constant: false };
  switch (name) {
    case 'ROOT':
      return { run: () => runtime.root, constant: false };
    case 'CURRENT':
      return { run: () => runtime.current, constant: false };
    case 'NOW':
      return { run: () => runtime.now, constant: false };
    case 'REMOVE':
      return constant(undefined);
    case 'DESCEND':
    case 'KEEP':
    case 'PRUNE':
      return constant(name.toLowerCase());
    case 'CLUSTER_TIME':
      throw new MongoError(51144, "Builtin variable '$$CLUSTER_TIME' is not available");
    default:
      throw new MongoError(17276, `Use of undefined variable: ${name}`);
  }
}
