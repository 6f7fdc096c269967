import { Doc, isNumber, isRegExp } from '../bson/index.ts';
import type { Value } from '../bson/index.ts';
import { isOperatorDoc } from './filter/compile.ts';
import { regexOf, regexPrefix } from './filter/regex.ts';

/**
 * A condition on one field that an index on it can use. It over-approximates: every matching document has an index key
 * (of an array, one for each element; none counts as null) that meets it, but not the other way round.
 */
export type Constraint =
  | { readonly kind: 'eq'; readonly value: Value }
  | { readonly kind: 'in'; readonly values: readonly Value[] }
  | { readonly kind: 'gt' | 'gte' | 'lt' | 'lte'; readonly value: Value }
  /** Text that starts so (a regular expression with a fixed beginning). */
  | { readonly kind: 'prefix'; readonly prefix: string }
  /** The field is there, possibly null. */
  | { readonly kind: 'exists' };

/** The constraints of a filter by dotted path. */
export interface PredicateBounds {
  /** All constraints of a path hold at once, each possibly by another element of an array. */
  readonly paths: ReadonlyMap<string, readonly Constraint[]>;
  /** When set, the filter is a disjunction: each branch with its own constraints, all further paths apply to each. */
  readonly or: readonly PredicateBounds[] | undefined;
  /** Whether the constraints are the whole filter, so that keys which meet them need no second look at the document. */
  readonly exact: boolean;
}

interface Collecting {
  readonly paths: Map<string, Constraint[]>;
  or: PredicateBounds[] | undefined;
  exact: boolean;
}

/** Reads from a filter what an index planner can use; call it on filters that compile. */
export function predicateBounds(filter: Doc): PredicateBounds {
  const into: Collecting = { paths: new Map(), or: undefined, exact: true };
  collect(filter, into);
  return into;
}

function collect(filter: Doc, into: Collecting): void {
  for (let i = 0; i < filter.keys.length; i++) {
    const key = filter.keys[i]!;
    const value = filter.values[i]!;
    if (!key.startsWith('$')) collectField(key, value, into);
    else if (key === '$and' && Array.isArray(value)) {
      for (const clause of value) if (clause instanceof Doc) collect(clause, into);
    } else if (key === '$or' && Array.isArray(value) && into.or === undefined) {
      into.or = value.filter((clause) => clause instanceof Doc).map(predicateBounds);
      into.exact = false;
    } else if (key === '$expr') {
      into.exact = false;
      collectExpr(value, into);
    } else if (key !== '$comment') {
      into.exact = false;
    }
  }
}

function add(into: Collecting, path: string, constraint: Constraint): void {
  const list = into.paths.get(path);
  if (list) list.push(constraint);
  else into.paths.set(path, [constraint]);
}

function collectField(path: string, value: Value, into: Collecting): void {
  if (isRegExp(value)) {
    into.exact = false;
    const prefix = regexPrefix(value.pattern, value.options);
    if (prefix !== undefined) add(into, path, { kind: 'prefix', prefix });
  } else if (isOperatorDoc(value)) {
    for (let i = 0; i < value.keys.length; i++) collectOperator(path, value.keys[i]!, value.values[i]!, value, into);
  } else {
    add(into, path, { kind: 'eq', value });
    if (!simple(value)) into.exact = false;
  }
}

// Null also stands for missing fields, and arrays have several keys: such conditions are checked on the document.
const simple = (value: Value): boolean => value !== null && !Array.isArray(value);

function collectOperator(path: string, operator: string, argument: Value, all: Doc, into: Collecting): void {
  switch (operator) {
    case '$eq':
      add(into, path, { kind: 'eq', value: argument });
      if (!simple(argument)) into.exact = false;
      return;
    case '$in':
      collectIn(path, argument, into);
      return;
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      add(into, path, { kind: operator.slice(1) as 'gt', value: argument });
      if (!simple(argument) || !(isNumber(argument) || typeof argument === 'string' || argument instanceof Date))
        into.exact = false;
      return;
    case '$all':
      into.exact = false;
      if (!Array.isArray(argument)) return;
      for (const item of argument)
        if (!isRegExp(item) && !isOperatorDoc(item)) add(into, path, { kind: 'eq', value: item });
      return;
    default:
      into.exact = false;
      collectLooseOperator(path, operator, argument, all, into);
  }
}

function collectIn(path: string, argument: Value, into: Collecting): void {
  if (!Array.isArray(argument) || argument.some(isRegExp)) {
    into.exact = false;
    return;
  }
  add(into, path, { kind: 'in', values: argument });
  if (!argument.every(simple)) into.exact = false;
}

function collectLooseOperator(path: string, operator: string, argument: Value, all: Doc, into: Collecting): void {
  if (operator === '$regex') {
    const regex = regexOf(argument, all.get('$options'));
    const prefix = regexPrefix(regex.pattern, regex.options);
    if (prefix !== undefined) add(into, path, { kind: 'prefix', prefix });
  } else if (operator === '$exists') {
    if (argument === true || argument === 1) add(into, path, { kind: 'exists' });
  } else if (operator === '$elemMatch' && argument instanceof Doc) {
    collectElemMatch(path, argument, into);
  }
}

function collectElemMatch(path: string, argument: Doc, into: Collecting): void {
  const inner: Collecting = { paths: new Map(), or: undefined, exact: false };
  // Elements that are arrays themselves have keys of their own kind, so only conditions on fields of documents help.
  if (isOperatorDoc(argument)) return;
  collect(argument, inner);
  for (const [name, constraints] of inner.paths) {
    for (const constraint of constraints) {
      if (!mayMeanMissing(constraint)) add(into, `${path}.${name}`, constraint);
    }
  }
}

function mayMeanMissing(constraint: Constraint): boolean {
  if (constraint.kind === 'eq' || constraint.kind === 'gte' || constraint.kind === 'lte')
    return constraint.value === null;
  return constraint.kind === 'in' && constraint.values.includes(null);
}

// `$expr` compares whole values, so only equality with a constant that is not null can use an index, and only while the
// field is no array; an array never equals such a constant, so its keys merely add candidates.
function collectExpr(value: Value, into: Collecting): void {
  if (!(value instanceof Doc) || value.size !== 1) return;
  const operator = value.keys[0];
  const args = value.values[0];
  if (!Array.isArray(args)) return;
  if (operator === '$and') {
    for (const part of args) collectExpr(part, into);
  } else if (operator === '$eq' && args.length === 2) {
    const [a, b] = args as [Value, Value];
    const field = fieldName(a) ?? fieldName(b);
    const constant = fieldName(a) === undefined ? a : b;
    if (field !== undefined && isPlainConstant(constant)) add(into, field, { kind: 'eq', value: constant });
  }
}

function fieldName(value: Value): string | undefined {
  return typeof value === 'string' && /^\$[^$.]+$/.test(value) ? value.slice(1) : undefined;
}

function isPlainConstant(value: Value): boolean {
  return (typeof value === 'string' && !value.startsWith('$')) || isNumber(value) || typeof value === 'boolean';
}
