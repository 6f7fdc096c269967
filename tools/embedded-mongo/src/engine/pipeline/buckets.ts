import { Doc, isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { compareValues, orderOf } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { compileExpression } from '../expr/index.ts';
import { formatElement, formatValue } from '../format.ts';
import { integralOf } from '../numbers.ts';
import { compileField, groupStage } from './grouping.ts';
import type { GroupField } from './grouping.ts';
import type { Stage, StageContext } from './compile.ts';
import type { StageCompiler } from './stages.ts';

function outputFields(spec: Value | undefined, stage: string, code: number, context: StageContext): GroupField[] {
  if (spec === undefined) return [compileField('count', Doc.of(['$sum', 1]), context.scope)];
  if (!(spec instanceof Doc)) {
    throw new MongoError(code, `The ${stage} 'output' field must be an object, but found type: ${typeName(spec)}.`);
  }
  return spec.keys.map((name, i) => compileField(name, spec.values[i]!, context.scope));
}

function checkGroupBy(value: Value, stage: string, code: number): void {
  const valid =
    value instanceof Doc ? value.keys[0]?.startsWith('$') : typeof value === 'string' && value.startsWith('$');
  if (valid) return;
  const shown = formatValue(value);
  const end = stage === '$bucket' ? '.' : '';
  throw new MongoError(
    code,
    `The ${stage} 'groupBy' field must be defined as a $-prefixed path or an expression${stage === '$bucket' ? '' : ' object'}, but found: ${shown}${end}`,
  );
}

/** A constant of a specification: an expression that needs no document. */
function constantOf(value: Value, context: StageContext, fail: () => MongoError): Value {
  const compiled = compileExpression(value, context.scope);
  if (!compiled.constant) throw fail();
  return compiled.run() ?? null;
}

const bucket: StageCompiler = (argument, context) => {
  if (!(argument instanceof Doc)) {
    throw new MongoError(40201, `Argument to $bucket stage must be an object, but found type: ${typeName(argument)}.`);
  }
  for (const key of argument.keys) {
    if (!['groupBy', 'boundaries', 'default', 'output'].includes(key))
      throw new MongoError(40197, `Unrecognized option to $bucket: ${key}.`);
  }
  const groupBy = argument.get('groupBy');
  const boundarySpec = argument.get('boundaries');
  if (groupBy === undefined || boundarySpec === undefined) {
    throw new MongoError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  checkGroupBy(groupBy, '$bucket', 40202);
  const boundaries = boundariesOf(boundarySpec, context);
  const fallback = defaultOf(argument.get('default'), boundaries, context);
  const fields = outputFields(argument.get('output'), '$bucket', 40196, context);
  const { run } = compileExpression(groupBy, context.scope);
  const { collation } = context.env;
  const grouped = groupStage(() => bucketOf(run(), boundaries, fallback, context), fields, context.scope);
  return function* (source) {
    const groups = [...grouped(source)];
    yield* groups.sort((a, b) => compareValues(a.get('_id'), b.get('_id'), collation));
  };
};

function bucketOf(
  value: MaybeValue,
  boundaries: readonly Value[],
  fallback: Value | undefined,
  { env }: StageContext,
): Value {
  for (let i = boundaries.length - 2; i >= 0; i--) {
    if (compareValues(value, boundaries[i], env.collation) >= 0) {
      if (compareValues(value, boundaries[i + 1], env.collation) < 0) return boundaries[i]!;
      break;
    }
  }
  if (fallback !== undefined) return fallback;
  throw new MongoError(40066, '$switch could not find a matching branch for an input, and no default was specified.');
}

function boundariesOf(spec: Value, context: StageContext): Value[] {
  if (!Array.isArray(spec)) {
    throw new MongoError(40200, `The $bucket 'boundaries' field must be an array, but found type: ${typeName(spec)}.`);
  }
  const boundaries = spec.map((item) =>
    constantOf(
      item,
      context,
      () =>
        new MongoError(
          40191,
          `The $bucket 'boundaries' field must be an array of constant values, but found value: ${formatValue(item)}.`,
        ),
    ),
  );
  if (boundaries.length < 2) {
    throw new MongoError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length} value(s).`,
    );
  }
  for (let i = 1; i < boundaries.length; i++) {
    const low = boundaries[i - 1]!;
    const high = boundaries[i]!;
    if (orderOf(low) !== orderOf(high)) {
      throw new MongoError(
        40193,
        "All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting types " +
          `${typeName(low)} and ${typeName(high)}.`,
      );
    }
    if (compareValues(low, high, context.env.collation) >= 0) {
      throw new MongoError(
        40194,
        `The 'boundaries' option to $bucket must be sorted, but elements ${i - 1} and ${i} are not in ascending order ` +
          `(${formatValue(low)} is not less than ${formatValue(high)}).`,
      );
    }
  }
  return boundaries;
}

function defaultOf(spec: Value | undefined, boundaries: readonly Value[], context: StageContext): Value | undefined {
  if (spec === undefined) return undefined;
  const fallback = constantOf(
    spec,
    context,
    () =>
      new MongoError(
        40195,
        `The $bucket 'default' field must be a constant expression, but found: ${formatValue(spec)}.`,
      ),
  );
  const { collation } = context.env;
  const inside =
    compareValues(fallback, boundaries[0], collation) >= 0 && compareValues(fallback, boundaries.at(-1), collation) < 0;
  if (inside) {
    throw new MongoError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    );
  }
  return fallback;
}

const bucketAuto: StageCompiler = (argument, context) => {
  if (!(argument instanceof Doc)) {
    throw new MongoError(
      40240,
      `The argument to $bucketAuto must be an object, but found type: ${typeName(argument)}.`,
    );
  }
  for (const key of argument.keys) {
    if (!['groupBy', 'buckets', 'output', 'granularity'].includes(key))
      throw new MongoError(40245, `Unrecognized option to $bucketAuto: ${key}.`);
  }
  const groupBy = argument.get('groupBy');
  const count = argument.get('buckets');
  if (groupBy === undefined || count === undefined) {
    throw new MongoError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  }
  checkGroupBy(groupBy, '$bucketAuto', 40239);
  if (argument.has('granularity'))
    throw new MongoError(238, "the option 'granularity' of $bucketAuto is not supported");
  const buckets = bucketCount(count);
  const fields = outputFields(argument.get('output'), '$bucketAuto', 40244, context);
  return autoStage(compileExpression(groupBy, context.scope).run, buckets, fields, context);
};

function bucketCount(value: Value): number {
  if (!isNumber(value)) {
    throw new MongoError(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeName(value)}`,
    );
  }
  const whole = integralOf(value);
  if (whole === undefined || whole > 2147483647n) {
    throw new MongoError(
      40242,
      `The $bucketAuto 'buckets' field must be representable as a 32-bit integer, but found ${formatElement('buckets', value)}`,
    );
  }
  if (whole <= 0n)
    throw new MongoError(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${whole}`);
  return Number(whole);
}

interface Keyed {
  readonly key: Value;
  readonly doc: Doc;
  readonly order: number;
}

function autoStage(
  run: () => MaybeValue,
  buckets: number,
  fields: readonly GroupField[],
  { scope, env }: StageContext,
): Stage {
  const { runtime } = scope;
  return function* (source) {
    const entries: Keyed[] = [];
    for (const doc of source) {
      runtime.root = doc;
      runtime.current = doc;
      entries.push({ key: run() ?? null, doc, order: entries.length });
    }
    const same = (a: Keyed, b: Keyed): boolean => compareValues(a.key, b.key, env.collation) === 0;
    entries.sort((a, b) => compareValues(a.key, b.key, env.collation));
    const size = Math.max(1, Math.round(entries.length / buckets));
    let made = 0;
    for (let from = 0; from < entries.length;) {
      made++;
      let to = made === buckets ? entries.length : Math.min(from + size, entries.length);
      // Equal values never part.
      while (to < entries.length && same(entries[to]!, entries[to - 1]!)) to++;
      yield bucketDoc(entries, from, to, fields, runtime);
      from = to;
    }
  };
}

function bucketDoc(
  entries: readonly Keyed[],
  from: number,
  to: number,
  fields: readonly GroupField[],
  runtime: StageContext['scope']['runtime'],
): Doc {
  const accumulators = fields.map((field) => field.start());
  // Within a bucket the documents keep the order they came in.
  const members = entries.slice(from, to).sort((a, b) => a.order - b.order);
  for (const { doc } of members) {
    runtime.root = doc;
    runtime.current = doc;
    for (const accumulator of accumulators) accumulator.add();
  }
  const max = entries[to] ?? entries[to - 1]!;
  const result = Doc.of(['_id', Doc.of(['min', entries[from]!.key], ['max', max.key])]);
  fields.forEach((field, i) => result.append(field.name, accumulators[i]!.result() ?? null));
  return result;
}

export const bucketStages: Readonly<Record<string, StageCompiler>> = { $bucket: bucket, $bucketAuto: bucketAuto };
