import { Doc, isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, NumberValue, Value } from '../../bson/index.ts';
import { compareValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { nullish } from '../expr/core.ts';
import { shift } from '../expr/date-arithmetic.ts';
import { compileExpression, getPath, splitFieldPath } from '../expr/index.ts';
import { add } from '../expr/math.ts';
import { UTC } from '../expr/timezone.ts';
import { numberOf } from '../numbers.ts';
import { compileSort } from '../sort.ts';
import type { Sort } from '../sort.ts';
import { partition } from './partitions.ts';
import { setPath } from './shaping.ts';
import type { StageCompiler } from './stages.ts';
import { unitOf } from './window-bounds.ts';
import type { Unit } from './window-bounds.ts';
import { findWindowFunction } from './window-functions.ts';
import type { StageContext } from './compile.ts';

interface Filling {
  readonly parts: readonly string[];
  /** The filled values of a partition, one for each document; undefined keeps what is there. */
  readonly compute: (docs: readonly Doc[]) => MaybeValue[];
}

const fill: StageCompiler = (argument, context) => {
  const { scope, env } = context;
  if (!(argument instanceof Doc))
    throw new MongoError(9, `The $fill stage specification must be an object, found ${typeName(argument)}`);
  for (const key of argument.keys) {
    if (!['sortBy', 'partitionBy', 'partitionByFields', 'output'].includes(key)) {
      throw new MongoError(40415, `BSON field '$fill.${key}' is an unknown field.`);
    }
  }
  const output = argument.get('output');
  if (output === undefined) throw new MongoError(40414, "BSON field '$fill.output' is missing but a required field");
  if (!(output instanceof Doc) || output.size === 0) {
    throw new MongoError(6050203, "The output field in '$fill' must contain an object with at least one element");
  }
  const sortBy = argument.get('sortBy');
  const sort = sortBy instanceof Doc && sortBy.size > 0 ? compileSort(sortBy, env.collation) : undefined;
  const fillings = output.keys.map((name, i) => compileFilling(name, output.values[i]!, sort, context));
  const key = partitionKey(argument, context);
  return function* (source) {
    const parts = key || sort ? partition(source, key, sort, scope.runtime) : [{ docs: [...source] }];
    for (const { docs } of parts) {
      const columns = fillings.map((filling) => filling.compute(docs));
      for (let i = 0; i < docs.length; i++) {
        let doc = docs[i]!;
        fillings.forEach(({ parts: path }, j) => {
          const value = columns[j]![i];
          if (value !== undefined && nullish(getPath(doc, path, 0))) doc = setPath(doc, path, 0, value);
        });
        yield doc;
      }
    }
  };
};

function compileFilling(name: string, spec: Value, sort: Sort | undefined, { scope }: StageContext): Filling {
  const parts = splitFieldPath(name);
  if (!(spec instanceof Doc) || spec.size !== 1) {
    throw new MongoError(
      6050200,
      `Each fill output specification must be an object with exactly one of 'method' or 'value'`,
    );
  }
  const value = spec.get('value');
  if (value !== undefined) {
    const { run } = compileExpression(value, scope);
    const { runtime } = scope;
    return {
      parts,
      compute: (docs) =>
        docs.map((doc) => {
          runtime.root = doc;
          runtime.current = doc;
          return run();
        }),
    };
  }
  const method = spec.get('method');
  const operator = method === 'locf' ? '$locf' : method === 'linear' ? '$linearFill' : undefined;
  if (operator === undefined) throw new MongoError(6050202, 'Method must be either locf or linear');
  const whole = { rangesOf: (docs: readonly Doc[]) => () => [0, docs.length] as const, unit: undefined };
  const compute = findWindowFunction(operator)!(`$${name}`, {
    operator,
    scope,
    sort,
    bounds: whole,
    windowGiven: false,
  });
  return { parts, compute };
}

function partitionKey(spec: Doc, { scope }: StageContext): (() => MaybeValue) | undefined {
  const expression = spec.get('partitionBy');
  if (expression !== undefined) return compileExpression(expression, scope).run;
  const fields = spec.get('partitionByFields');
  if (!Array.isArray(fields)) return undefined;
  const paths = fields.map((field) => compileExpression(`$${String(field)}`, scope));
  return () => paths.map((path) => path.run() ?? null);
}

type Bound = 'full' | 'partition' | readonly [NumberValue | Date, NumberValue | Date];

const densify: StageCompiler = (argument, context) => {
  if (!(argument instanceof Doc))
    throw new MongoError(9, `The $densify stage specification must be an object, found ${typeName(argument)}`);
  const field = argument.get('field');
  const range = argument.get('range');
  if (typeof field !== 'string')
    throw new MongoError(40414, "BSON field '$densify.field' is missing but a required field");
  if (!(range instanceof Doc))
    throw new MongoError(40414, "BSON field '$densify.range' is missing but a required field");
  const step = range.get('step');
  if (!isNumber(step) || numberOf(step) <= 0)
    throw new MongoError(5733401, 'the step parameter in a range statement must be a strictly positive numeric value');
  const unit = unitOf(range.get('unit'));
  const bounds = densifyBounds(range.get('bounds'));
  const sort = compileSort(Doc.of([field, 1]), context.env.collation);
  const key = partitionKey(argument, context);
  const names = argument.get('partitionByFields');
  const fields = Array.isArray(names) ? names.map(String) : [];
  const parts = splitFieldPath(field);
  return function* (source) {
    const groups = partition(source, key, sort, context.scope.runtime);
    const all = groups
      .flatMap((group) => group.docs.map((doc) => valueOf(doc, parts)))
      .filter((value) => value !== undefined);
    for (const { docs } of groups) {
      yield* densified(docs, parts, stepper(step, unit), limits(bounds, docs, all, parts), (value) =>
        fresh(docs[0], fields, parts, value),
      );
    }
  };
};

function densifyBounds(value: MaybeValue): Bound {
  if (value === 'full' || value === 'partition') return value;
  if (Array.isArray(value) && value.length === 2) return [pointOf(value[0]!), pointOf(value[1]!)];
  throw new MongoError(5733403, 'a bounding array in a range statement must have exactly two elements');
}

function pointOf(value: Value): Point {
  if (isNumber(value) || value instanceof Date) return value;
  throw new MongoError(5733402, 'a bounding array must contain either both dates or both numeric types');
}

function valueOf(doc: Doc, parts: readonly string[]): NumberValue | Date | undefined {
  const value = getPath(doc, parts, 0);
  if (nullish(value)) return undefined;
  if (isNumber(value) || value instanceof Date) return value;
  throw new MongoError(5733201, 'Densify field type must be numeric or a date');
}

type Point = NumberValue | Date;

function stepper(step: NumberValue, unit: Unit | undefined): (value: Point) => Point {
  return (value) => {
    if (value instanceof Date) return new Date(shift(value.getTime(), unit ?? 'millisecond', numberOf(step), UTC));
    return add(value, step);
  };
}

interface Limits {
  readonly from: Point | undefined;
  readonly to: Point | undefined;
  /** Whether the upper limit itself is left out. */
  readonly open: boolean;
}

function limits(bounds: Bound, docs: readonly Doc[], all: readonly Point[], parts: readonly string[]): Limits {
  if (bounds !== 'full' && bounds !== 'partition') return { from: bounds[0], to: bounds[1], open: true };
  const values =
    bounds === 'full' ? all : docs.map((doc) => valueOf(doc, parts)).filter((value) => value !== undefined);
  const sorted = values.toSorted((a, b) => compareValues(a, b));
  return { from: sorted[0], to: sorted.at(-1), open: false };
}

function* densified(
  docs: readonly Doc[],
  parts: readonly string[],
  next: (value: Point) => Point,
  { from, to, open }: Limits,
  make: (value: Point) => Doc,
): Iterable<Doc> {
  let point = from;
  const within = (value: Point): boolean =>
    to !== undefined && (open ? compareValues(value, to) < 0 : compareValues(value, to) <= 0);
  for (const doc of docs) {
    const value = valueOf(doc, parts);
    if (value !== undefined) {
      while (point !== undefined && within(point) && compareValues(point, value) < 0) {
        yield make(point);
        point = next(point);
      }
      if (point !== undefined && compareValues(point, value) === 0) point = next(point);
    }
    yield doc;
  }
  while (point !== undefined && within(point)) {
    yield make(point);
    point = next(point);
  }
}

function fresh(model: Doc | undefined, fields: readonly string[], parts: readonly string[], value: Point): Doc {
  let doc = new Doc();
  for (const field of fields) {
    const shared = model ? getPath(model, field.split('.'), 0) : undefined;
    if (shared !== undefined) doc = setPath(doc, field.split('.'), 0, shared);
  }
  return setPath(doc, parts, 0, value);
}

export const fillStages: Readonly<Record<string, StageCompiler>> = { $fill: fill, $densify: densify };
