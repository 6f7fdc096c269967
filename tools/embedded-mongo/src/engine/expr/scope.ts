import { Doc } from '../../bson/index.ts';
import type { MaybeValue } from '../../bson/index.ts';
import type { Collation } from '../collation.ts';
import { MongoError } from '../errors.ts';

/**
 * What compiled expressions read while they run. A stage sets `root` and `current` before it evaluates; variables have
 * a slot each, given out at compile time. Evaluation is synchronous, so one runtime serves a whole pipeline.
 */
export interface Runtime {
  root: Doc;
  current: MaybeValue;
  readonly slots: MaybeValue[];
  readonly now: Date;
  readonly collation: Collation | undefined;
  /** The first error of an expression of constants only; raised once the whole pipeline is known to be well formed. */
  optimizeError: unknown;
}

/** The variables in sight at one place of an expression. */
export interface Scope {
  readonly runtime: Runtime;
  readonly variables: ReadonlyMap<string, number>;
}

export interface ScopeOptions {
  readonly now?: Date | undefined;
  readonly collation?: Collation | undefined;
  readonly let?: Doc | undefined;
}

/** A fresh scope; the values of `let` become variables (they are already evaluated). */
export function createScope(options: ScopeOptions = {}): Scope {
  const runtime: Runtime = {
    root: new Doc(),
    current: undefined,
    slots: [],
    now: options.now ?? new Date(),
    collation: options.collation,
    optimizeError: undefined,
  };
  let scope: Scope = { runtime, variables: new Map() };
  const { let: variables } = options;
  if (variables) {
    for (let i = 0; i < variables.keys.length; i++) {
      const [inner, slot] = declare(scope, variables.keys[i]!);
      runtime.slots[slot] = variables.values[i];
      scope = inner;
    }
  }
  return scope;
}

/** A scope with one more variable, and the slot of that variable. */
export function declare(scope: Scope, name: string): [Scope, number] {
  checkName(name);
  const slot = scope.runtime.slots.length;
  scope.runtime.slots.push(undefined);
  return [{ runtime: scope.runtime, variables: new Map(scope.variables).set(name, slot) }, slot];
}

function checkName(name: string): void {
  if (name === '') throw new MongoError(9, 'empty variable names are not allowed');
  const first = name.charCodeAt(0);
  const lower = first >= 97 && first <= 122;
  if (!lower && first < 128 && name !== 'CURRENT') {
    throw new MongoError(9, `'${name}' starts with an invalid character for a user variable name`);
  }
  for (const char of name) {
    if (char.charCodeAt(0) < 128 && !/\w/.test(char)) {
      throw new MongoError(9, `'${name}' contains an invalid character for a variable name: '${char}'`);
    }
  }
}
