import { Doc, isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import type { Collation } from '../collation.ts';
import { MongoError } from '../errors.ts';
import { compileExpression, splitFieldPath } from '../expr/index.ts';
import { createScope } from '../expr/scope.ts';
import type { Scope } from '../expr/scope.ts';
import { compileFilter } from '../filter/compile.ts';
import type { Filter } from '../filter/compile.ts';
import { formatDoc } from '../format.ts';
import { numberOf } from '../numbers.ts';
import { addFields, addLeaf, createNode, exclude, include } from './tree.ts';
import type { Leaf, Node } from './tree.ts';

/** What a projection is compiled with. */
export interface ProjectionOptions {
  /** The filter of the same find, for the positional operator. */
  readonly filter?: Filter | undefined;
  readonly collation?: Collation | undefined;
  readonly now?: Date | undefined;
  readonly let?: Doc | undefined;
  readonly scope?: Scope | undefined;
  /** Whether this is a find, with its own `$slice`, `$elemMatch` and `.$`; a stage has only expressions. */
  readonly find?: boolean | undefined;
}

/** A compiled projection. */
export type Projection = (doc: Doc) => Doc;

interface Parsing {
  readonly root: Node;
  readonly scope: Scope;
  readonly options: ProjectionOptions;
  mode: 'include' | 'exclude' | undefined;
  idIncluded: boolean | undefined;
  /** Whether a find-only transformation was met, which decides nothing about the mode. */
  transforms: boolean;
  positional: string | undefined;
}

/**
 * Compiles the projection of a find or of a `$project` stage.
 * @throws MongoError for mixed, colliding or unknown parts.
 */
export function compileProjection(spec: Doc, options: ProjectionOptions = {}): Projection {
  const scope = options.scope ?? createScope({ now: options.now, collation: options.collation, let: options.let });
  const parsing: Parsing = {
    root: createNode(),
    scope,
    options: { find: true, ...options },
    mode: undefined,
    idIncluded: undefined,
    transforms: false,
    positional: undefined,
  };
  for (let i = 0; i < spec.keys.length; i++) parseField(parsing, spec.keys[i]!, spec.values[i]!, []);
  if (scope.runtime.optimizeError && !options.scope) throw scope.runtime.optimizeError;
  return finish(parsing);
}

function finish(parsing: Parsing): Projection {
  const { root, scope, mode, idIncluded } = parsing;
  const including = mode === 'include' || (mode === undefined && !parsing.transforms && idIncluded === true);
  if (including && idIncluded === undefined && !root.fields.has('_id')) root.fields.set('_id', { kind: 'include' });
  const { runtime } = scope;
  const apply = including ? include : exclude;
  const project: Projection = (doc) => {
    runtime.root = doc;
    runtime.current = doc;
    return apply(doc, root);
  };
  return parsing.positional === undefined
    ? project
    : positionalProjection(project, parsing.positional, parsing.options.filter);
}

function setMode(parsing: Parsing, mode: 'include' | 'exclude', path: string): void {
  if (parsing.mode === undefined) parsing.mode = mode;
  if (parsing.mode === mode) return;
  throw mode === 'exclude'
    ? new MongoError(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
    : new MongoError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
}

function parseField(parsing: Parsing, name: string, value: Value, above: readonly string[]): void {
  const { options } = parsing;
  if (options.find && (name.endsWith('.$') || name === '$')) {
    parsePositional(parsing, [...above, name].join('.'), value);
    return;
  }
  const parts = [...above, ...splitProjectionPath(name)];
  const path = parts.join('.');
  if (typeof value === 'boolean' || isNumber(value)) {
    parseFlag(parsing, parts, name, typeof value === 'boolean' ? value : numberOf(value) !== 0);
  } else if (value instanceof Doc && !isOperator(value)) {
    if (value.size === 0) throw new MongoError(51270, `Invalid empty sub-projection: ${path}`);
    for (let i = 0; i < value.keys.length; i++) parseField(parsing, value.keys[i]!, value.values[i]!, parts);
  } else if (options.find && value instanceof Doc && parseFindOperator(parsing, parts, path, value)) {
    return;
  } else {
    parseComputed(parsing, parts, path, value);
  }
}

const isOperator = (value: Doc): boolean => value.size === 1 && value.keys[0]!.startsWith('$');

function splitProjectionPath(name: string): string[] {
  if (name.split('.').indexOf('$') > 0) {
    throw new MongoError(
      31394,
      "As of 4.4, it's illegal to specify positional operator in the middle of a path.Positional projection may only be " +
        'used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove the parts ' +
        "following the '$' and the results will be equivalent.",
    );
  }
  return splitFieldPath(name);
}

function parseFlag(parsing: Parsing, parts: readonly string[], name: string, kept: boolean): void {
  if (parts.length === 1 && name === '_id') parsing.idIncluded = kept;
  else setMode(parsing, kept ? 'include' : 'exclude', name);
  addLeaf(parsing.root, parts, { kind: kept ? 'include' : 'exclude' });
}

function parseComputed(parsing: Parsing, parts: readonly string[], path: string, value: Value): void {
  if (parsing.mode === 'exclude') {
    throw new MongoError(31252, 'Cannot use expression other than $meta in exclusion projection');
  }
  parsing.mode = 'include';
  if (path === '_id') parsing.idIncluded = true;
  const { run } = projectionExpression(value, parsing.scope);
  addLeaf(parsing.root, parts, { kind: 'compute', run });
}

/** Compiles an expression; an unknown operator right here has a code of its own. */
function projectionExpression(value: Value, scope: Scope): { readonly run: () => MaybeValue } {
  try {
    return compileExpression(value, scope);
  } catch (error) {
    if (!(error instanceof MongoError) || error.code !== 168 || !(value instanceof Doc)) throw error;
    if (error.message !== `Unrecognized expression '${value.keys[0]!}'`) throw error;
    throw new MongoError(31325, `Unknown expression ${value.keys[0]!}`);
  }
}

function parseFindOperator(parsing: Parsing, parts: readonly string[], path: string, value: Doc): boolean {
  const operator = value.keys[0]!;
  const argument = value.values[0]!;
  if (operator === '$elemMatch') {
    addElemMatch(parsing, parts, argument);
    return true;
  }
  if (operator !== '$slice') return false;
  const transform = findSlice(argument);
  if (!transform) return sliceExpression(parsing, parts, path, value);
  parsing.transforms = true;
  addLeaf(parsing.root, parts, transform);
  return true;
}

function addElemMatch(parsing: Parsing, parts: readonly string[], argument: Value): void {
  if (!(argument instanceof Doc)) {
    throw new MongoError(31274, `elemMatch: Invalid argument, object required, but got ${typeName(argument)}`);
  }
  if (parts.length > 1) throw new MongoError(31275, 'Cannot use $elemMatch projection on a nested field.');
  const [name] = parts as [string];
  const { collation, now } = parsing.options;
  const filter = compileFilter(Doc.of([name, Doc.of(['$elemMatch', argument])]), { collation, now });
  const { runtime } = parsing.scope;
  if (parsing.mode === undefined) parsing.mode = 'include';
  addLeaf(parsing.root, parts, {
    kind: 'compute',
    run: () => {
      const array = runtime.root.get(name);
      const match = filter.matchPosition(runtime.root);
      return match && Array.isArray(array) ? [array[match.index]!] : undefined;
    },
  });
}

function findSlice(argument: Value): Leaf | undefined {
  if (isNumber(argument)) {
    const count = Math.trunc(numberOf(argument));
    return sliceLeaf((array) => (count >= 0 ? array.slice(0, count) : array.slice(count)));
  }
  if (!Array.isArray(argument) || argument.length !== 2) return undefined;
  const [skip, limit] = argument as [Value, Value];
  if (!isNumber(skip) || !isNumber(limit) || numberOf(limit) <= 0) return undefined;
  const from = Math.trunc(numberOf(skip));
  const count = Math.trunc(numberOf(limit));
  return sliceLeaf((array) => {
    const start = from >= 0 ? from : Math.max(0, array.length + from);
    return array.slice(start, start + count);
  });
}

function sliceLeaf(slice: (array: Value[]) => Value[]): Leaf {
  return { kind: 'transform', apply: (value) => (Array.isArray(value) ? slice(value) : value) };
}

function sliceExpression(parsing: Parsing, parts: readonly string[], path: string, value: Doc): boolean {
  const argument = value.get('$slice')!;
  if (Array.isArray(argument) && argument.length >= 2) {
    parseComputed(parsing, parts, path, value);
    return true;
  }
  const list = Array.isArray(argument);
  throw new MongoError(
    28667,
    `Invalid $slice syntax. The given syntax ${formatDoc(value)} did not match the find() syntax because :: ` +
      (list
        ? 'Location31272: $slice array argument should be of form [skip, limit]'
        : 'Location31273: $slice only supports numbers and [skip, limit] arrays') +
      ' :: The given syntax did not match the expression $slice syntax. :: caused by :: Expression $slice takes at least 2 ' +
      `arguments, and at most 3, but ${list ? argument.length : 1} were passed in.`,
  );
}

function parsePositional(parsing: Parsing, path: string, value: Value): void {
  const kept = typeof value === 'boolean' ? value : !isNumber(value) || numberOf(value) !== 0;
  if (!kept) throw new MongoError(31395, 'positional projection cannot be used with exclusion');
  if (parsing.positional !== undefined) {
    throw new MongoError(31276, 'Cannot specify more than one positional projection per query.');
  }
  const field = path.slice(0, -2);
  setMode(parsing, 'include', path);
  parsing.positional = field;
  addLeaf(parsing.root, splitFieldPath(field), { kind: 'include' });
}

function positionalProjection(project: Projection, path: string, filter: Filter | undefined): Projection {
  const parts = path.split('.');
  return (doc) => {
    const index = filter?.matchPosition(doc)?.index ?? -1;
    return narrow(project(doc), parts, 0, index) as Doc;
  };
}

function narrow(value: Value, parts: readonly string[], at: number, index: number): Value {
  if (Array.isArray(value)) {
    const item = index >= 0 ? value[index] : undefined;
    if (item === undefined) {
      throw new MongoError(51246, "positional operator '.$' couldn't find a matching element in the array");
    }
    return [item];
  }
  if (!(value instanceof Doc) || at === parts.length) return value;
  const child = value.get(parts[at]!);
  return child === undefined ? value : value.clone().set(parts[at]!, narrow(child, parts, at + 1, index));
}

function checkOverlap(taken: string[], parts: readonly string[], spec: Doc): void {
  const path = parts.join('.');
  const other = taken.find((known) => known === path || known.startsWith(`${path}.`) || path.startsWith(`${known}.`));
  if (other !== undefined) {
    throw new MongoError(
      40176,
      `specification contains two conflicting paths. Cannot specify both '${path}' and '${other}': ${formatDoc(spec)}`,
    );
  }
  taken.push(path);
}

/** Compiles the specification of `$addFields`: every value is an expression. */
export function compileAddFields(spec: Doc, scope: Scope): Projection {
  const root = createNode();
  const taken: string[] = [];
  const parse = (value: Value, parts: readonly string[]): void => {
    if (value instanceof Doc && value.size > 0 && !isOperator(value)) {
      value.keys.forEach((key, i) => parse(value.values[i]!, [...parts, ...splitFieldPath(key)]));
    } else {
      const { run } = compileExpression(value, scope);
      checkOverlap(taken, parts, spec);
      addLeaf(root, parts, { kind: 'compute', run });
    }
  };
  spec.keys.forEach((key, i) => parse(spec.values[i]!, splitFieldPath(key)));
  const { runtime } = scope;
  return (doc) => {
    runtime.root = doc;
    runtime.current = doc;
    return addFields(doc, root);
  };
}
