import { Doc, isNumber } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { compareValues } from '../compare.ts';
import { metaName, readMeta } from '../meta.ts';
import { MongoError } from '../errors.ts';
import { constant, expression, nullish, parseArguments, truthy } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { compileExpression } from './index.ts';
import { declare } from './scope.ts';
import type { Scope } from './scope.ts';

function comparing(decide: (order: number) => Value): Compiler {
  return (argument, scope, operator) => {
    const [a, b] = parseArguments(argument, scope, operator, 2) as [Expr, Expr];
    const { collation } = scope.runtime;
    return expression([a, b], scope, () => {
      // The right side comes first, which decides whose error is told.
      const right = b.run();
      return decide(compareValues(a.run(), right, collation));
    });
  };
}

function hasConstant(parts: readonly Expr[], scope: Scope, wanted: boolean): boolean {
  if (scope.runtime.optimizeError) return false;
  return parts.some((part) => part.constant && truthy(part.run()) === wanted);
}

const and: Compiler = (argument, scope, operator) => {
  const parts = parseArguments(argument, scope, operator, 0, Infinity);
  // One constant that decides spares all the others, with their errors.
  if (hasConstant(parts, scope, false)) return constant(false);
  return expression(parts, scope, () => parts.every((part) => truthy(part.run())));
};

const or: Compiler = (argument, scope, operator) => {
  const parts = parseArguments(argument, scope, operator, 0, Infinity);
  if (hasConstant(parts, scope, true)) return constant(true);
  return expression(parts, scope, () => parts.some((part) => truthy(part.run())));
};

const not: Compiler = (argument, scope, operator) => {
  const [part] = parseArguments(argument, scope, operator, 1) as [Expr];
  return expression([part], scope, () => !truthy(part.run()));
};

const cond: Compiler = (argument, scope, operator) => {
  const [test, yes, no] =
    argument instanceof Doc ? condObject(argument, scope) : parseArguments(argument, scope, operator, 3);
  return expression([test!, yes!, no!], scope, () => (truthy(test!.run()) ? yes!.run() : no!.run()));
};

function condObject(spec: Doc, scope: Scope): Expr[] {
  for (const key of spec.keys) {
    if (key !== 'if' && key !== 'then' && key !== 'else') {
      throw new MongoError(17083, `Unrecognized parameter to $cond: ${key}`);
    }
  }
  return (['if', 'then', 'else'] as const).map((name, i) => {
    const part = spec.get(name);
    if (part === undefined) throw new MongoError(17080 + i, `Missing '${name}' parameter to $cond`);
    return compileExpression(part, scope);
  });
}

const ifNull: Compiler = (argument, scope, operator) => {
  const list = Array.isArray(argument) ? argument : [argument];
  if (list.length < 2)
    throw new MongoError(1257300, '$ifNull needs at least two arguments, had: ' + String(list.length));
  const parts = parseArguments(argument, scope, operator, 2, Infinity);
  const last = parts.length - 1;
  return expression(parts, scope, () => {
    for (let i = 0; i < last; i++) {
      const value = parts[i]!.run();
      if (!nullish(value)) return value;
    }
    return parts[last]!.run();
  });
};

const switchOperator: Compiler = (argument, scope) => {
  if (!(argument instanceof Doc))
    throw new MongoError(40060, `$switch requires an object as an argument, found: ${typeText(argument)}`);
  const branches: [Expr, Expr][] = [];
  let fallback: Expr | undefined;
  for (let i = 0; i < argument.keys.length; i++) {
    const key = argument.keys[i]!;
    const value = argument.values[i]!;
    if (key === 'branches') {
      if (!Array.isArray(value))
        throw new MongoError(40061, `$switch expected an array for 'branches', found: ${typeText(value)}`);
      branches.push(...compileBranches(value, scope));
    } else if (key === 'default') {
      fallback = compileExpression(value, scope);
    } else {
      throw new MongoError(40067, `$switch found an unknown argument: ${key}`);
    }
  }
  if (branches.length === 0) throw new MongoError(40068, '$switch requires at least one branch');
  const parts = [...branches.flat(), ...(fallback ? [fallback] : [])];
  if (!fallback && branches.every(([test]) => test.constant && !truthy(test.run()))) {
    scope.runtime.optimizeError ??= new MongoError(
      40069,
      'Cannot execute a switch statement where all the cases evaluate to false without a default',
    );
    return constant(null);
  }
  return expression(parts, scope, () => {
    for (const [test, result] of branches) if (truthy(test.run())) return result.run();
    if (!fallback)
      throw new MongoError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return fallback.run();
  });
};

/** The branches up to the first that always holds; those after it count for nothing, not even by their errors. */
function compileBranches(specs: readonly Value[], scope: Scope): [Expr, Expr][] {
  const branches: [Expr, Expr][] = [];
  let decided = false;
  for (const spec of specs) {
    const error = scope.runtime.optimizeError;
    const branch = compileBranch(spec, scope);
    if (decided) scope.runtime.optimizeError = error;
    else branches.push(branch);
    decided ||= branch[0].constant && scope.runtime.optimizeError === error && truthy(branch[0].run());
  }
  return branches;
}

function compileBranch(branch: Value, scope: Scope): [Expr, Expr] {
  if (!(branch instanceof Doc))
    throw new MongoError(40062, `$switch expected each branch to be an object, found: ${typeText(branch)}`);
  for (const key of branch.keys) {
    if (key !== 'case' && key !== 'then')
      throw new MongoError(40063, `$switch found an unknown argument to a branch: ${key}`);
  }
  const test = branch.get('case');
  const result = branch.get('then');
  if (test === undefined) throw new MongoError(40064, "$switch requires each branch have a 'case' expression");
  if (result === undefined) throw new MongoError(40065, "$switch requires each branch have a 'then' expression.");
  return [compileExpression(test, scope), compileExpression(result, scope)];
}

function typeText(value: Value): string {
  if (isNumber(value)) return Number.isInteger(value) ? 'int' : 'double';
  return value === null
    ? 'null'
    : typeof value === 'object'
      ? Array.isArray(value)
        ? 'array'
        : 'object'
      : typeof value;
}

const literal: Compiler = (argument) => constant(argument);

const letOperator: Compiler = (argument, scope) => {
  if (!(argument instanceof Doc)) throw new MongoError(16874, '$let only supports an object as its argument');
  for (const key of argument.keys) {
    if (key !== 'vars' && key !== 'in') throw new MongoError(16875, `Unrecognized parameter to $let: ${key}`);
  }
  const variables = argument.get('vars');
  const body = argument.get('in');
  if (variables === undefined) throw new MongoError(16876, "Missing 'vars' parameter to $let");
  if (body === undefined) throw new MongoError(16877, "Missing 'in' parameter to $let");
  if (!(variables instanceof Doc)) throw new MongoError(10065, `invalid parameter: expected an object (vars)`);
  const { slots } = scope.runtime;
  const parts: Expr[] = [];
  const targets: number[] = [];
  let inner = scope;
  variables.keys.forEach((name, i) => {
    parts.push(compileExpression(variables.values[i]!, scope));
    const [next, slot] = declare(inner, name);
    inner = next;
    targets.push(slot);
  });
  const result = compileExpression(body, inner);
  return {
    constant: false,
    run: () => {
      const values = parts.map((part) => part.run());
      for (let i = 0; i < values.length; i++) slots[targets[i]!] = values[i];
      return result.run();
    },
  };
};

const rand: Compiler = () => ({ run: () => Math.random(), constant: false });

const meta: Compiler = (argument, scope) => {
  const name = metaName(argument);
  const { runtime } = scope;
  return { run: () => readMeta(runtime.root, name), constant: false };
};

export const comparison: Compilers = {
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
  $cmp: comparing((order) => Math.sign(order) + 0),
  $and: and,
  $or: or,
  $not: not,
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchOperator,
  $literal: literal,
  $const: literal,
  $let: letOperator,
  $rand: rand,
  $meta: meta,
};
