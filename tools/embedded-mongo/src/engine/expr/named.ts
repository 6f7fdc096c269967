import { Doc, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { compileExpression } from './index.ts';
import type { Expr } from './core.ts';
import type { Scope } from './scope.ts';

/** What an operator with named arguments accepts, and how it complains. */
export interface NamedSpec {
  readonly operator: string;
  readonly required: Readonly<Record<string, readonly [code: number, message: string]>>;
  readonly optional?: readonly string[] | undefined;
  readonly notObject: (found: Value) => readonly [code: number, message: string];
  readonly unknown: (name: string) => readonly [code: number, message: string];
}

/** The raw arguments by name, checked. */
export function namedArguments(argument: Value, spec: NamedSpec): Readonly<Record<string, Value>> {
  if (!(argument instanceof Doc)) throw new MongoError(...spec.notObject(argument));
  const given: Record<string, Value> = Object.create(null) as Record<string, Value>;
  argument.keys.forEach((key, i) => {
    if (!Object.hasOwn(spec.required, key) && !spec.optional?.includes(key)) throw new MongoError(...spec.unknown(key));
    given[key] = argument.values[i]!;
  });
  for (const [name, problem] of Object.entries(spec.required)) {
    if (given[name] === undefined) throw new MongoError(...problem);
  }
  return given;
}

/** Compiles the arguments given; those left out are undefined. */
export function compileNamed(
  given: Readonly<Record<string, Value>>,
  names: readonly string[],
  scope: Scope,
): Record<string, Expr | undefined> {
  return Object.fromEntries(
    names.map((name) => {
      const value = given[name];
      return [name, value === undefined ? undefined : compileExpression(value, scope)];
    }),
  );
}

export const typeText = (value: MaybeValue): string => typeName(value);
