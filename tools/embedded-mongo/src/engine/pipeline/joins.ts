import { Doc, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { compileExpression, splitFieldPath } from '../expr/index.ts';
import { declare } from '../expr/scope.ts';
import type { Scope } from '../expr/scope.ts';
import { encodeKey } from '../keys.ts';
import { anyAtPath, fieldPath } from '../path.ts';
import type { FieldPath } from '../path.ts';
import { compileStages } from './compile.ts';
import type { PipelineEnv, StageContext } from './compile.ts';
import { equalityHint } from './join-hints.ts';
import { mapping, setPath } from './shaping.ts';
import type { StageCompiler } from './stages.ts';

/** Finds the documents of a collection whose field equals a value: by index, or by a table made once. */
export interface Matcher {
  find(value: Value): readonly Doc[];
}

export function createMatcher(env: PipelineEnv, from: string, field: string): Matcher {
  const path = fieldPath(field);
  let table: Map<string, Doc[]> | undefined;
  const find = (value: Value): readonly Doc[] => {
    const indexed = table === undefined ? env.lookupByEquality?.(from, field, value) : null;
    if (indexed) return [...indexed].filter((doc) => keysAt(doc, path, env).has(encodeKey(value, env.collation)));
    table ??= buildTable(env, from, path);
    return table.get(encodeKey(value, env.collation)) ?? [];
  };
  return { find };
}

function keysAt(doc: Doc, path: FieldPath, env: PipelineEnv): Set<string> {
  const keys = new Set<string>();
  anyAtPath(
    doc,
    path,
    true,
    (value) => {
      keys.add(encodeKey(value, env.collation));
      return false;
    },
    null,
  );
  return keys;
}

function buildTable(env: PipelineEnv, from: string, path: FieldPath): Map<string, Doc[]> {
  const table = new Map<string, Doc[]>();
  for (const doc of env.collection(from)) {
    for (const key of keysAt(doc, path, env)) {
      const list = table.get(key);
      if (list) list.push(doc);
      else table.set(key, [doc]);
    }
  }
  return table;
}

/** The values a local field stands for: each element of an array, null for none. */
export function localValues(doc: Doc, path: FieldPath): Value[] {
  const values: Value[] = [];
  anyAtPath(
    doc,
    path,
    true,
    (value) => {
      values.push(value ?? null);
      return false;
    },
    null,
  );
  const plain = values.filter((value) => !Array.isArray(value) || value.length === 0);
  return plain.map((value) => (Array.isArray(value) ? null : value));
}

/** The documents that equal any of the values, each once, in the collection's order where that is known. */
function matchesOf(matcher: Matcher, values: readonly Value[]): Doc[] {
  if (values.length === 1) return [...matcher.find(values[0]!)];
  const found = new Set<Doc>();
  for (const value of values) for (const doc of matcher.find(value)) found.add(doc);
  return [...found];
}

interface LookupSpec {
  readonly from: string | undefined;
  readonly localField: string | undefined;
  readonly foreignField: string | undefined;
  readonly as: readonly string[];
  readonly pipeline: readonly Value[] | undefined;
  readonly variables: Doc;
}

function text(spec: Doc, stage: string, name: string): string | undefined {
  const value = spec.get(name);
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  throw new MongoError(
    14,
    `BSON field '${stage}.${name}' is the wrong type '${typeName(value)}', expected type 'string'`,
  );
}

function parseLookup(argument: Value): LookupSpec {
  if (!(argument instanceof Doc)) {
    throw new MongoError(9, `the $lookup stage specification must be an object, but found ${typeName(argument)}`);
  }
  for (const key of argument.keys) {
    if (!['from', 'as', 'localField', 'foreignField', 'pipeline', 'let'].includes(key)) {
      throw new MongoError(40415, `BSON field '$lookup.${key}' is an unknown field.`);
    }
  }
  const from = fromOf(argument.get('from'));
  const localField = text(argument, '$lookup', 'localField');
  const foreignField = text(argument, '$lookup', 'foreignField');
  const as = text(argument, '$lookup', 'as');
  const pipeline = argument.get('pipeline');
  const variables = argument.get('let') ?? new Doc();
  if (as === undefined) throw new MongoError(40414, "BSON field '$lookup.as' is missing but a required field");
  if (pipeline !== undefined && !Array.isArray(pipeline)) {
    throw new MongoError(
      14,
      `BSON field '$lookup.pipeline' is the wrong type '${typeName(pipeline)}', expected type 'array'`,
    );
  }
  if (!(variables instanceof Doc)) {
    throw new MongoError(
      14,
      `BSON field '$lookup.let' is the wrong type '${typeName(variables)}', expected type 'object'`,
    );
  }
  if (
    (localField === undefined) !== (foreignField === undefined) ||
    (pipeline === undefined && localField === undefined)
  ) {
    throw new MongoError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  return { from, localField, foreignField, as: splitFieldPath(as), pipeline, variables };
}

function fromOf(value: MaybeValue): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (value instanceof Doc) {
    const coll = value.get('coll');
    if (value.has('db')) throw new MongoError(238, '$lookup from another database is not supported');
    if (typeof coll === 'string') return coll;
  }
  throw new MongoError(9, `$lookup 'from' field must be a string or an object, but found ${typeName(value)}`);
}

const lookup: StageCompiler = (argument, context) => {
  const spec = parseLookup(argument);
  const { from, as } = spec;
  if (from === undefined && !startsWithDocuments(spec.pipeline)) {
    throw new MongoError(9, "must specify 'from' field for a $lookup");
  }
  const find = candidates(spec, context);
  const join = spec.pipeline
    ? subPipeline(spec.pipeline, spec.variables, context, '$lookup', spec.localField === undefined ? from : undefined)
    : undefined;
  // A pipeline that can't tell documents apart gives the same result every time.
  const fixed =
    join !== undefined &&
    spec.variables.size === 0 &&
    spec.localField === undefined &&
    context.scope.variables.size === 0;
  let result: Doc[] | undefined;
  return mapping((doc) => {
    const joined = fixed && result ? result : join ? join(doc, find(doc)) : [...find(doc)];
    if (fixed) result = joined;
    return setPath(doc, as, 0, joined);
  });
};

function startsWithDocuments(pipeline: readonly Value[] | undefined): boolean {
  const first = pipeline?.[0];
  return first instanceof Doc && first.keys[0] === '$documents';
}

/** Asks for documents only when they are read. */
function* lazily(source: () => Iterable<Doc>): Iterable<Doc> {
  yield* source();
}

function candidates(spec: LookupSpec, { env }: StageContext): (doc: Doc) => Iterable<Doc> {
  const { from, localField, foreignField } = spec;
  if (from === undefined) return () => [];
  if (localField === undefined || foreignField === undefined) return () => lazily(() => env.collection(from));
  splitFieldPath(localField);
  splitFieldPath(foreignField);
  const local = fieldPath(localField);
  const matcher = createMatcher(env, from, foreignField);
  return (doc) => matchesOf(matcher, localValues(doc, local));
}

/** Compiles a pipeline within another; its variables are set from the outer document for each run. */
function subPipeline(
  stages: readonly Value[],
  variables: Doc,
  context: StageContext,
  within: string,
  from: string | undefined,
): (outer: Doc, source: Iterable<Doc>) => Doc[] {
  const { scope, env } = context;
  const { runtime } = scope;
  let inner: Scope = scope;
  const bindings = variables.keys.map((name, i) => {
    const { run } = compileExpression(variables.values[i]!, scope);
    const [next, slot] = declare(inner, name);
    inner = next;
    return { run, slot };
  });
  const run = compileStages(stages, inner, { ...env, text: undefined }, within);
  const narrow = narrowing(stages, variables, from, env);
  return (outer, source) => {
    runtime.root = outer;
    runtime.current = outer;
    const values = bindings.map((binding) => binding.run());
    bindings.forEach((binding, i) => {
      runtime.slots[binding.slot] = values[i];
    });
    return [...run(narrow?.(values) ?? source)];
  };
}

/** Narrows a pipeline's documents down to those that equal a variable; undefined where that can't be told. */
function narrowing(
  stages: readonly Value[],
  variables: Doc,
  from: string | undefined,
  env: PipelineEnv,
): ((values: readonly MaybeValue[]) => Iterable<Doc> | undefined) | undefined {
  const hint = from === undefined ? undefined : equalityHint(stages, variables);
  if (from === undefined || !hint) return undefined;
  const matcher = createMatcher(env, from, hint.field);
  const position = variables.keys.indexOf(hint.variable);
  return (values) => {
    const value = values[position];
    return value === undefined || value === null || Array.isArray(value) ? undefined : matcher.find(value);
  };
}

const unionWith: StageCompiler = (argument, context) => {
  if (typeof argument !== 'string' && !(argument instanceof Doc)) {
    throw new MongoError(
      9,
      `the $unionWith stage specification must be an object or string, but found ${typeName(argument)}`,
    );
  }
  const spec = typeof argument === 'string' ? Doc.of(['coll', argument]) : argument;
  for (const key of spec.keys) {
    if (key !== 'coll' && key !== 'pipeline')
      throw new MongoError(40415, `BSON field '$unionWith.${key}' is an unknown field.`);
  }
  const coll = text(spec, '$unionWith', 'coll');
  const pipeline = spec.get('pipeline') ?? [];
  if (!Array.isArray(pipeline)) {
    throw new MongoError(
      14,
      `BSON field '$unionWith.pipeline' is the wrong type '${typeName(pipeline)}', expected type 'array'`,
    );
  }
  if (coll === undefined && !startsWithDocuments(pipeline)) {
    throw new MongoError(
      9,
      '$unionWith stage without explicit collection must have a pipeline with $documents as first stage',
    );
  }
  const run = compileStages(pipeline, context.scope, { ...context.env, text: undefined }, '$unionWith');
  return function* (source) {
    yield* source;
    yield* run(coll === undefined ? [] : context.env.collection(coll));
  };
};

export const joinStages: Readonly<Record<string, StageCompiler>> = { $lookup: lookup, $unionWith: unionWith };
