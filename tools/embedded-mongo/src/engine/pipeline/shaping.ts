import { Doc, isNumber, typeName } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { MongoError, prefixed } from '../errors.ts';
import { compileExpression } from '../expr/index.ts';
import { compileDocTest } from '../filter/compile.ts';
import { searchesText } from '../filter/text.ts';
import { formatElement, formatTight, formatValue } from '../format.ts';
import { carryMeta } from '../meta.ts';
import { integralOf } from '../numbers.ts';
import { compileAddFields, compileProjection } from '../projection/index.ts';
import { compileSort } from '../sort.ts';
import type { Stage, StageContext } from './compile.ts';
import type { StageCompiler } from './stages.ts';

/** A stage that gives one document for each, with the same text score. */
export function mapping(transform: (doc: Doc) => Doc): Stage {
  return function* (source) {
    for (const doc of source) {
      const result = transform(doc);
      carryMeta(doc, result);
      yield result;
    }
  };
}

const match: StageCompiler = (argument, { scope, env, index, within }) => {
  if (!(argument instanceof Doc)) throw new MongoError(15959, 'the match filter must be an expression in an object');
  if ((index > 0 || within === '$facet') && searchesText(argument)) {
    throw new MongoError(17313, '$match with $text is only allowed as the first pipeline stage');
  }
  const test = compileDocTest(argument, { scope, collation: env.collation, text: env.text });
  return function* (source) {
    for (const doc of source) if (test(doc, null)) yield doc;
  };
};

const project: StageCompiler = (argument, { scope, env }) => {
  if (!(argument instanceof Doc)) throw new MongoError(15969, '$project specification must be an object');
  return prefixed('Invalid $project', () => {
    if (argument.size === 0) throw new MongoError(51272, 'projection specification must have at least one field');
    return mapping(compileProjection(argument, { scope, collation: env.collation, find: false }));
  });
};

function addFieldsStage(name: string): StageCompiler {
  return (argument, { scope }) => {
    if (!(argument instanceof Doc)) {
      throw new MongoError(40272, `${name} specification stage must be an object, got ${typeName(argument)}`);
    }
    return prefixed(`Invalid ${name}`, () => {
      return mapping(compileAddFields(argument, scope));
    });
  };
}

const unset: StageCompiler = (argument, { scope }) => {
  const names = Array.isArray(argument) ? argument : [argument];
  if (names.length === 0)
    throw new MongoError(31119, '$unset specification must be a string or an array with at least one field');
  if (!Array.isArray(argument) && typeof argument !== 'string') {
    throw new MongoError(31002, '$unset specification must be a string or an array');
  }
  const spec = new Doc();
  for (const name of names) {
    if (typeof name !== 'string')
      throw new MongoError(31120, '$unset specification must be a string or an array containing only string values');
    spec.set(name, 0);
  }
  return prefixed('Invalid $unset', () => mapping(compileProjection(spec, { scope, find: false })));
};

function replaceRoot(argument: Value, context: StageContext, label: string): Stage {
  const { run } = compileExpression(argument, context.scope);
  const { runtime } = context.scope;
  return mapping((doc) => {
    runtime.root = doc;
    runtime.current = doc;
    const result = run();
    if (result instanceof Doc) return result;
    throw new MongoError(
      40228,
      `${label}  must evaluate to an object, but resulting value was: ${formatValue(result)}. Type of resulting value: ` +
        `'${typeName(result)}'. Input document: ${formatTight(needed(doc, argument))}`,
    );
  });
}

/** The part of the document that a plain path reads; messages show no more of it. */
function needed(doc: Doc, path: Value): Doc {
  if (typeof path !== 'string' || !/^\$[^$]/.test(path)) return doc;
  const name = path.slice(1).split('.')[0]!;
  const value = doc.get(name);
  return value === undefined ? new Doc() : Doc.of([name, value]);
}

const replaceRootStage: StageCompiler = (argument, context) => {
  if (!(argument instanceof Doc)) {
    throw new MongoError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${typeName(argument)}`,
    );
  }
  for (const key of argument.keys) {
    if (key !== 'newRoot') throw new MongoError(40415, `BSON field '$replaceRoot.${key}' is an unknown field.`);
  }
  const root = argument.get('newRoot');
  if (root === undefined)
    throw new MongoError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field");
  return replaceRoot(root, context, "'newRoot' expression");
};

const sort: StageCompiler = (argument, { env }) => {
  if (!(argument instanceof Doc)) throw new MongoError(15973, 'the $sort key specification must be an object');
  if (argument.size === 0) throw new MongoError(15976, '$sort stage must have at least one sort key');
  const order = compileSort(argument, env.collation);
  return function* (source) {
    yield* order.sorted(source);
  };
};

function wholeArgument(stage: string, code: number, argument: Value): number {
  const shown = formatElement(stage, argument);
  const prefix = `invalid argument to ${stage} stage: `;
  if (!isNumber(argument)) throw new MongoError(code, `${prefix}Expected a number in: ${shown}`);
  const whole = integralOf(argument);
  if (whole === undefined) throw new MongoError(code, `${prefix}Expected an integer: ${shown}`);
  if (whole < 0n) throw new MongoError(code, `${prefix}Expected a non-negative number in: ${shown}`);
  return Number(whole);
}

const limit: StageCompiler = (argument) => {
  const count = wholeArgument('$limit', 5107201, argument);
  if (count === 0) throw new MongoError(15958, 'the limit must be positive');
  return function* (source) {
    let left = count;
    for (const doc of source) {
      yield doc;
      if (--left === 0) return;
    }
  };
};

const skip: StageCompiler = (argument) => {
  const count = wholeArgument('$skip', 5107200, argument);
  return function* (source) {
    let left = count;
    for (const doc of source) {
      if (left > 0) left--;
      else yield doc;
    }
  };
};

const count: StageCompiler = (argument) => {
  if (typeof argument !== 'string') throw new MongoError(40156, 'the count field must be a non-empty string');
  if (argument === '') throw new MongoError(40157, 'the count field must be a non-empty string');
  if (argument.startsWith('$')) throw new MongoError(40158, 'the count field cannot be a $-prefixed path');
  if (argument.includes('.')) throw new MongoError(40160, "the count field cannot contain '.'");
  return function* (source) {
    let total = 0;
    for (const _ of source) total++;
    if (total > 0) yield Doc.of([argument, total]);
  };
};

/** A copy of the document with the value at the path; undefined removes the field. */
export function setPath(doc: Doc, parts: readonly string[], at: number, value: Value | undefined): Doc {
  const copy = doc.clone();
  const part = parts[at]!;
  if (at === parts.length - 1) {
    if (value === undefined) copy.delete(part);
    else copy.set(part, value);
    return copy;
  }
  const child = copy.get(part);
  return copy.set(part, setPath(child instanceof Doc ? child : new Doc(), parts, at + 1, value));
}

const redact: StageCompiler = (argument, { scope }) => {
  const { run } = compileExpression(argument, scope);
  const { runtime } = scope;
  const visit = (value: Doc): Doc | undefined => {
    runtime.current = value;
    const decision = run();
    if (decision === 'keep') return value;
    if (decision === 'prune') return undefined;
    if (decision !== 'descend')
      throw new MongoError(
        17053,
        `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${formatValue(decision)}`,
      );
    const result = new Doc();
    value.keys.forEach((key, i) => {
      const child = visitValue(value.values[i]!);
      if (child !== undefined) result.append(key, child);
    });
    return result;
  };
  const visitValue = (value: Value): Value | undefined => {
    if (value instanceof Doc) return visit(value);
    if (!Array.isArray(value)) return value;
    return value.map(visitValue).filter((item) => item !== undefined);
  };
  return function* (source) {
    for (const doc of source) {
      runtime.root = doc;
      const result = visit(doc);
      if (result) yield result;
    }
  };
};

const sample: StageCompiler = (argument) => {
  if (!(argument instanceof Doc)) throw new MongoError(28745, 'the $sample stage specification must be an object');
  for (const key of argument.keys)
    if (key !== 'size') throw new MongoError(28748, `unrecognized option to $sample: ${key}`);
  const size = argument.get('size');
  if (size === undefined) throw new MongoError(28749, '$sample stage must specify a size');
  if (!isNumber(size)) throw new MongoError(28746, 'size argument to $sample must be a number');
  const wanted = Number(integralOf(size) ?? 0n);
  if (wanted <= 0) throw new MongoError(28747, 'size argument to $sample must be a positive integer');
  return function* (source) {
    const docs = [...source];
    for (let i = 0; i < docs.length && i < wanted; i++) {
      const other = i + Math.floor(Math.random() * (docs.length - i));
      [docs[i], docs[other]] = [docs[other]!, docs[i]!];
      yield docs[i]!;
    }
  };
};

export const shapingStages: Readonly<Record<string, StageCompiler>> = {
  $match: match,
  $project: project,
  $addFields: addFieldsStage('$addFields'),
  $set: addFieldsStage('$set'),
  $unset: unset,
  $replaceRoot: replaceRootStage,
  $replaceWith: (argument, context) => replaceRoot(argument, context, "'replacement document'"),
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $count: count,
  $redact: redact,
  $sample: sample,
};
