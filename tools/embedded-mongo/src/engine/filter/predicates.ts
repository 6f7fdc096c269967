import { Doc, isNumber, isRegExp } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { numberOf } from '../numbers.ts';
import { anyAtPath } from '../path.ts';
import type { FieldPath, ValueTest } from '../path.ts';
import { compileDocTest, isOperatorDoc, refuseRegex } from './compile.ts';
import type { DocTest, FilterOptions } from './compile.ts';
import { regexOf } from './regex.ts';
import {
  arrayAsDoc,
  bitTest,
  equalTest,
  inequalityTest,
  inTest,
  modTest,
  regexTest,
  typeTest,
  wholeNumber,
} from './tests.ts';

/** A condition on one field, not yet bound to a path (fields) or to a single value (array elements). */
export type Predicate =
  | { readonly kind: 'leaf'; readonly test: ValueTest; readonly expand: boolean; readonly rank: number }
  | { readonly kind: 'not'; readonly of: readonly Predicate[] };

/** Where conditions stand among those that hold together. */
const RANK = {
  elemMatch: 1,
  size: 2,
  eq: 3,
  $lte: 4,
  $lt: 5,
  $gt: 6,
  $gte: 7,
  regex: 8,
  mod: 9,
  exists: 10,
  in: 11,
  other: 12,
  not: 20,
};

const leaf = (test: ValueTest, rank = RANK.other, expand = true): Predicate => ({ kind: 'leaf', test, expand, rank });
const not = (...of: Predicate[]): Predicate => ({ kind: 'not', of });

/** The conditions that a field's entry in a filter stands for; all of them must hold. */
export function parsePredicates(field: string, value: Value, options: FilterOptions): Predicate[] {
  if (isRegExp(value)) return [leaf(regexTest(value), RANK.regex)];
  if (!isOperatorDoc(value)) return [leaf(equalTest(value, options.collation), RANK.eq)];
  return parseOperators(field, value, options);
}

function parseOperators(field: string, operators: Doc, options: FilterOptions): Predicate[] {
  const predicates: Predicate[] = [];
  for (let i = 0; i < operators.keys.length; i++) {
    const operator = operators.keys[i]!;
    if (operator === '$options') {
      if (!operators.has('$regex')) throw new MongoError(2, '$options needs a $regex');
      continue;
    }
    const argument = operators.values[i]!;
    if (operator === '$regex')
      predicates.push(leaf(regexTest(regexOf(argument, operators.get('$options'))), RANK.regex));
    else predicates.push(...parseOperator(field, operator, argument, options));
  }
  return predicates;
}

function parseOperator(field: string, operator: string, argument: Value, options: FilterOptions): Predicate[] {
  const { collation } = options;
  switch (operator) {
    case '$eq':
      return [leaf(equalTest(argument, collation), RANK.eq)];
    case '$ne':
      refuseRegex(argument, "Can't have regex as arg to $ne.");
      return [not(leaf(equalTest(argument, collation)))];
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      refuseRegex(argument, `Can't have RegEx as arg to non-equality predicate over field '${field}'.`);
      return [leaf(inequalityTest(operator, argument, collation), RANK[operator])];
    case '$in':
      return [leaf(inTest(listOf(operator, argument), collation), RANK.in)];
    case '$nin':
      return [not(leaf(inTest(listOf(operator, argument), collation)))];
    case '$exists': {
      const exists = leaf((value) => value !== undefined, RANK.exists);
      return [truthyArgument(argument) ? exists : not(exists)];
    }
    case '$not':
      return [parseNot(field, argument, options)];
    case '$all':
      return parseAll(field, argument, options);
    case '$elemMatch':
      return [leaf(elemMatchTest(field, argument, options), RANK.elemMatch, false)];
    default:
      return [parseOtherOperator(field, operator, argument)];
  }
}

function parseOtherOperator(field: string, operator: string, argument: Value): Predicate {
  switch (operator) {
    case '$type':
      return leaf(typeTest(argument, field));
    case '$size': {
      const size = wholeNumber('$size', argument);
      return leaf((value) => Array.isArray(value) && value.length === size, RANK.size, false);
    }
    case '$mod':
      return leaf(modTest(argument), RANK.mod);
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return leaf(bitTest(operator, argument, field));
    case '$near':
    case '$nearSphere':
    case '$geoWithin':
    case '$geoIntersects':
    case '$within':
      throw new MongoError(238, `geospatial queries are not supported: ${operator}`);
    default:
      throw new MongoError(2, `unknown operator: ${operator}`);
  }
}

function truthyArgument(value: Value): boolean {
  if (isNumber(value)) return numberOf(value) !== 0;
  return value !== false && value !== null;
}

function listOf(operator: string, argument: Value): Value[] {
  if (!Array.isArray(argument)) throw new MongoError(2, `${operator} needs an array`);
  for (const item of argument) if (isOperatorDoc(item)) throw new MongoError(2, `cannot nest $ under ${operator}`);
  return argument;
}

function parseNot(field: string, argument: Value, options: FilterOptions): Predicate {
  if (isRegExp(argument)) return not(leaf(regexTest(argument)));
  if (!(argument instanceof Doc)) throw new MongoError(2, '$not argument must be a regex or an object');
  if (argument.size === 0) throw new MongoError(2, '$not argument must be a non-empty object');
  return not(...parseOperators(field, argument, options));
}

function parseAll(field: string, argument: Value, options: FilterOptions): Predicate[] {
  if (!Array.isArray(argument)) throw new MongoError(2, '$all needs an array');
  if (argument.length === 0) return [leaf(() => false)];
  const elemMatch = (item: Value): item is Doc => item instanceof Doc && item.keys[0] === '$elemMatch';
  if (elemMatch(argument[0]!)) {
    return argument.map((item) => {
      if (!elemMatch(item) || item.size !== 1) throw new MongoError(2, '$all/$elemMatch has to be consistent');
      return leaf(elemMatchTest(field, item.values[0]!, options), RANK.elemMatch, false);
    });
  }
  return argument.map((item) => {
    if (isOperatorDoc(item)) throw new MongoError(2, 'no $ expressions in $all');
    return isRegExp(item) ? leaf(regexTest(item), RANK.regex) : leaf(equalTest(item, options.collation), RANK.eq);
  });
}

const LOGICAL = new Set(['$and', '$or', '$nor', '$where', '$expr']);

function elemMatchTest(field: string, argument: Value, options: FilterOptions): ValueTest {
  if (!(argument instanceof Doc)) throw new MongoError(2, '$elemMatch needs an Object');
  const byValue = isOperatorDoc(argument) && !LOGICAL.has(argument.keys[0]!);
  const test = byValue ? valueElement(parseOperators(field, argument, options)) : objectElement(argument, options);
  return (value, details) => {
    if (!Array.isArray(value)) return false;
    for (let i = 0; i < value.length; i++) {
      if (test(value[i]!)) {
        if (details !== null) details.index = i;
        return true;
      }
    }
    return false;
  };
}

function valueElement(predicates: readonly Predicate[]): (item: Value) => boolean {
  const tests = predicates.map(bindToValue);
  return (item) => tests.every((test) => test(item, null));
}

function objectElement(filter: Doc, options: FilterOptions): (item: Value) => boolean {
  const test = compileDocTest(filter, options);
  return (item) => {
    if (item instanceof Doc) return test(item, null);
    return Array.isArray(item) && test(arrayAsDoc(item), null);
  };
}

/** Where a condition stands among those that hold together. */
export function rankOf(predicate: Predicate): number {
  return predicate.kind === 'leaf' ? predicate.rank : RANK.not;
}

/** Binds a predicate to the values at a path. */
export function bindToPath(predicate: Predicate, path: FieldPath): DocTest {
  if (predicate.kind === 'leaf') {
    const { test, expand } = predicate;
    return (doc, details) => anyAtPath(doc, path, expand, test, details);
  }
  const tests = predicate.of.map((part) => bindToPath(part, path));
  if (tests.length === 1) {
    const test = tests[0]!;
    return (doc) => !test(doc, null);
  }
  return (doc) => !tests.every((test) => test(doc, null));
}

/** Binds a predicate to one value, taken as it is. */
export function bindToValue(predicate: Predicate): ValueTest {
  if (predicate.kind === 'leaf') return predicate.test;
  const tests = predicate.of.map(bindToValue);
  return (value) => !tests.every((test) => test(value, null));
}
