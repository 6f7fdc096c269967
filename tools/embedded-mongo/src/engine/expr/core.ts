import { isNumber } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { numberOf } from '../numbers.ts';
import { compileExpression } from './index.ts';
import type { Scope } from './scope.ts';

/** Evaluates to a value, or to undefined for "missing". */
export type Run = () => MaybeValue;

/** A compiled expression; `constant` when it needs no document. */
export interface Expr {
  readonly run: Run;
  readonly constant: boolean;
}

/** Compiles the argument of one operator. */
export type Compiler = (argument: Value, scope: Scope, operator: string) => Expr;

export type Compilers = Readonly<Record<string, Compiler>>;

export function constant(value: MaybeValue): Expr {
  return { run: () => value, constant: true };
}

/** An expression over the given parts: evaluated at once when all of them are constants. */
export function expression(parts: readonly Expr[], scope: Scope, run: Run): Expr {
  if (!parts.every((part) => part.constant)) return { run, constant: false };
  try {
    return constant(run());
  } catch (error) {
    scope.runtime.optimizeError ??= error;
    return { run, constant: true };
  }
}

/** Reads the operator's arguments: a list, or a single one without the brackets. */
export function parseArguments(argument: Value, scope: Scope, operator: string, min: number, max = min): Expr[] {
  const list = Array.isArray(argument) ? argument : [argument];
  checkCount(operator, list.length, min, max);
  return list.map((item) => compileExpression(item, scope));
}

function checkCount(operator: string, count: number, min: number, max: number): void {
  if (count >= min && count <= max) return;
  if (min === max) {
    throw new MongoError(16020, `Expression ${operator} takes exactly ${min} arguments. ${count} were passed in.`);
  }
  throw new MongoError(
    28667,
    max === Infinity
      ? `Expression ${operator} takes at least ${min} arguments, and at most ${4294967295}, but ${count} were passed in.`
      : `Expression ${operator} takes at least ${min} arguments, and at most ${max}, but ${count} were passed in.`,
  );
}

/** The arguments of an operator whose order doesn't matter: MongoDB takes constants last, which decides ties and errors. */
export function constantsLast(parts: readonly Expr[]): Expr[] {
  return [...parts.filter((part) => !part.constant), ...parts.filter((part) => part.constant)];
}

/** An operator of one argument. */
export function unary(apply: (value: MaybeValue, scope: Scope) => MaybeValue): Compiler {
  return (argument, scope, operator) => {
    const [part] = parseArguments(argument, scope, operator, 1) as [Expr];
    return expression([part], scope, () => apply(part.run(), scope));
  };
}

/** An operator of two arguments. */
export function binary(apply: (a: MaybeValue, b: MaybeValue, scope: Scope) => MaybeValue): Compiler {
  return (argument, scope, operator) => {
    const [a, b] = parseArguments(argument, scope, operator, 2) as [Expr, Expr];
    return expression([a, b], scope, () => apply(a.run(), b.run(), scope));
  };
}

/** An operator of a variable number of arguments, all evaluated. */
export function variadic(
  min: number,
  max: number,
  apply: (values: MaybeValue[], scope: Scope) => MaybeValue,
): Compiler {
  return (argument, scope, operator) => {
    const parts = parseArguments(argument, scope, operator, min, max);
    return expression(parts, scope, () => apply(evaluateAll(parts), scope));
  };
}

function evaluateAll(parts: readonly Expr[]): MaybeValue[] {
  const values = new Array<MaybeValue>(parts.length);
  for (let i = 0; i < parts.length; i++) values[i] = parts[i]!.run();
  return values;
}

/** Null or missing. */
export function nullish(value: MaybeValue): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether the value counts as true: all but false, null, missing and zero. */
export function truthy(value: MaybeValue): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return false;
  if (typeof value === 'number') return value !== 0;
  return !isNumber(value) || numberOf(value) !== 0;
}
