import { Doc, isRegExp } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import type { Collation } from '../collation.ts';
import { MongoError, withPrefix } from '../errors.ts';
import { compileExpression, truthy } from '../expr/index.ts';
import { createScope } from '../expr/scope.ts';
import type { Scope } from '../expr/scope.ts';
import { isNumber } from '../../bson/index.ts';
import { numberOf } from '../numbers.ts';
import { fieldPath } from '../path.ts';
import type { MatchDetails } from '../path.ts';
import { bindToPath, parsePredicates, rankOf } from './predicates.ts';
import { compileSchema } from './schema.ts';
import { compileText } from './text.ts';
import type { TextFields } from './text.ts';

/** What a filter is compiled with. */
export interface FilterOptions {
  readonly collation?: Collation | undefined;
  /** The time that `$$NOW` stands for. */
  readonly now?: Date | undefined;
  /** Variables of the command, for `$expr`. */
  readonly let?: Doc | undefined;
  /** The fields of the collection's text index, for `$text`. */
  readonly text?: TextFields | undefined;
  /** Scope of the surrounding pipeline; replaces `now` and `let`. */
  readonly scope?: Scope | undefined;
}

/** Decides on a document; when details are given, notes in them the array index that a match was found at. */
export type DocTest = (doc: Doc, details: MatchDetails | null) => boolean;

/** A compiled filter. */
export interface Filter {
  /** Whether the document matches. */
  matches(doc: Doc): boolean;
  /** Matches and tells the array index for the positional operator; undefined when the document doesn't match. */
  matchPosition(doc: Doc): MatchDetails | undefined;
}

/**
 * Compiles a filter document.
 * @throws MongoError with MongoDB's code and message for whatever is not a valid filter.
 */
export function compileFilter(filter: Doc, options: FilterOptions = {}): Filter {
  const test = compileDocTest(filter, options);
  return {
    matches: (doc) => test(doc, null),
    matchPosition: (doc) => {
      const details: MatchDetails = { index: -1 };
      return test(doc, details) ? details : undefined;
    },
  };
}

/** Compiles a filter to a plain function; several conditions must all hold. */
export function compileDocTest(filter: Doc, options: FilterOptions): DocTest {
  const conditions = conditionsOf(filter, options);
  // In MongoDB's order, because the last condition that looks into an array decides the positional operator.
  conditions.sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return allOf(conditions.map((condition) => condition.test));
}

interface Condition {
  readonly test: DocTest;
  readonly rank: number;
  readonly path: string;
}

function conditionsOf(filter: Doc, options: FilterOptions): Condition[] {
  const conditions: Condition[] = [];
  for (let i = 0; i < filter.keys.length; i++) {
    const key = filter.keys[i]!;
    const value = filter.values[i]!;
    if (key === '$and') conditions.push(...clauses(key, value).flatMap((clause) => conditionsOf(clause, options)));
    else if (key.startsWith('$'))
      conditions.push(...compileTopLevel(key, value, options).map((test) => topLevel(key, test)));
    else conditions.push(...compileField(key, value, options));
  }
  return conditions;
}

const LATE = 100;

function topLevel(operator: string, test: DocTest): Condition {
  return { test, rank: operator === '$or' ? 0 : LATE, path: '' };
}

function allOf(tests: readonly DocTest[]): DocTest {
  if (tests.length === 0) return () => true;
  if (tests.length === 1) return tests[0]!;
  if (tests.length === 2) {
    const [first, second] = tests as [DocTest, DocTest];
    return (doc, details) => first(doc, details) && second(doc, details);
  }
  return (doc, details) => {
    for (let i = 0; i < tests.length; i++) if (!tests[i]!(doc, details)) return false;
    return true;
  };
}

function anyOf(tests: readonly DocTest[]): DocTest {
  if (tests.length === 1) return tests[0]!;
  return (doc, details) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(doc, details)) return true;
    return false;
  };
}

function compileField(field: string, value: Value, options: FilterOptions): Condition[] {
  const path = fieldPath(field);
  return parsePredicates(field, value, options).map((predicate) => {
    return { test: bindToPath(predicate, path), rank: rankOf(predicate), path: field };
  });
}

function compileTopLevel(operator: string, value: Value, options: FilterOptions): DocTest[] {
  switch (operator) {
    case '$or':
      return [anyOf(clauses(operator, value).map((clause) => compileDocTest(clause, options)))];
    case '$nor': {
      const any = anyOf(clauses(operator, value).map((clause) => compileDocTest(clause, options)));
      return [(doc) => !any(doc, null)];
    }
    case '$comment':
      return [];
    case '$expr':
      return [compileExpr(value, options)];
    case '$jsonSchema':
      if (!(value instanceof Doc)) throw new MongoError(14, '$jsonSchema must be an object');
      return [compileSchema(value)];
    case '$text':
      return [compileText(value, options.text)];
    case '$alwaysTrue':
    case '$alwaysFalse': {
      if (!isNumber(value) || numberOf(value) !== 1)
        throw new MongoError(9, `${operator} must be an integer value of 1`);
      return [() => operator === '$alwaysTrue'];
    }
    case '$sampleRate': {
      const rate = isNumber(value) ? numberOf(value) : NaN;
      if (Number.isNaN(rate)) throw new MongoError(2, 'argument to $sampleRate must be a numeric type');
      if (rate < 0 || rate > 1) throw new MongoError(2, 'numeric argument to $sampleRate must be in [0, 1]');
      return [() => Math.random() < rate];
    }
    case '$where':
      if (typeof value !== 'string') throw new MongoError(2, '$where got bad type');
      throw new MongoError(6108304, 'no globalScriptEngine in $where parsing');
    default:
      throw new MongoError(
        2,
        `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, ` +
          'consider using $getField or $setField.',
      );
  }
}

function clauses(operator: string, value: Value): Doc[] {
  if (!Array.isArray(value)) throw new MongoError(2, `${operator} argument must be an array`);
  if (value.length === 0) throw new MongoError(2, `${operator} argument must be a non-empty array`);
  return value.map((clause) => {
    if (!(clause instanceof Doc)) throw new MongoError(2, `${operator} argument's entries must be objects`);
    return clause;
  });
}

function compileExpr(value: Value, options: FilterOptions): DocTest {
  const scope = options.scope ?? createScope({ now: options.now, collation: options.collation, let: options.let });
  const { runtime } = scope;
  const known = runtime.optimizeError;
  const { run } = compileExpression(value, scope);
  if (runtime.optimizeError !== known) {
    runtime.optimizeError = withPrefix(runtime.optimizeError, 'Failed to optimize expression');
    if (!options.scope) throw runtime.optimizeError;
  }
  return (doc) => {
    runtime.root = doc;
    runtime.current = doc;
    return truthy(run());
  };
}

/** Whether the value is a document whose first field is an operator. */
export function isOperatorDoc(value: Value): value is Doc {
  if (!(value instanceof Doc) || value.size === 0) return false;
  const first = value.keys[0]!;
  return first.startsWith('$') && first !== '$ref' && first !== '$id' && first !== '$db';
}

/** Refuses a regular expression where a value is needed. */
export function refuseRegex(value: Value, message: string): void {
  if (isRegExp(value)) throw new MongoError(2, message);
}
