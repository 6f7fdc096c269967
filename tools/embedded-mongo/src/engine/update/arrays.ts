import { Doc, isNumber, isRegExp, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import type { Collation } from '../collation.ts';
import { compareValues, equalValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { compileDocTest, isOperatorDoc } from '../filter/compile.ts';
import { formatDoc, formatElement } from '../format.ts';
import { identicalValues } from '../identical.ts';
import { encodeKey } from '../keys.ts';
import { integralOf, numberOf } from '../numbers.ts';
import { compileSort } from '../sort.ts';
import type { FieldOperator } from './fields.ts';
import type { FieldUpdate, UpdateContext } from './types.ts';

interface PushModifiers {
  readonly items: readonly Value[];
  readonly slice: number | undefined;
  readonly position: number | undefined;
  readonly sort: ((a: Value, b: Value, collation: Collation | undefined) => number) | undefined;
}

const push: FieldOperator = (argument) => {
  const { items, slice, position, sort } = parsePush(argument);
  return (current, context, field) => {
    const array = arrayFor(current, context, field);
    let result = insertAt(array, items, position);
    if (sort) result = result.slice().sort((a, b) => sort(a, b, context.collation));
    if (slice !== undefined) result = slice >= 0 ? result.slice(0, slice) : result.slice(slice);
    // Anything pushed counts as a change, even when nothing of it stays.
    return items.length === 0 && current !== undefined && sameItems(result, array) ? current : result;
  };
};

function sameItems(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, i) => identicalValues(item, b[i]));
}

function arrayFor(current: MaybeValue, context: UpdateContext, field: string): readonly Value[] {
  if (current === undefined) return [];
  if (Array.isArray(current)) return current;
  throw new MongoError(
    2,
    `The field '${field}' must be an array but is of type ${typeName(current)} in document {${context.idText}}`,
  );
}

function insertAt(array: readonly Value[], items: readonly Value[], position: number | undefined): Value[] {
  if (position === undefined) return [...array, ...items];
  const at = position < 0 ? Math.max(0, array.length + position) : Math.min(position, array.length);
  return [...array.slice(0, at), ...items, ...array.slice(at)];
}

function parsePush(argument: Value): PushModifiers {
  const plain: PushModifiers = { items: [argument], slice: undefined, position: undefined, sort: undefined };
  if (!(argument instanceof Doc) || !argument.has('$each')) return plain;
  const each = argument.get('$each');
  if (!Array.isArray(each)) {
    throw new MongoError(2, `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`);
  }
  for (const key of argument.keys) {
    if (!['$each', '$slice', '$sort', '$position'].includes(key)) {
      throw new MongoError(2, `Unrecognized clause in $push: ${key}`);
    }
  }
  const slice = argument.get('$slice');
  const position = argument.get('$position');
  const sort = argument.get('$sort');
  return {
    items: each,
    slice:
      slice === undefined
        ? undefined
        : wholeClause(slice, (type) => `The value for $slice must be an integer value but was given type: ${type}`),
    position:
      position === undefined
        ? undefined
        : wholeClause(position, (type) => `The value for $position must be an integer value, not of type: ${type}`),
    sort: sort === undefined ? undefined : pushSort(sort),
  };
}

function wholeClause(value: Value, message: (type: string) => string): number {
  const whole = isNumber(value) ? integralOf(value) : undefined;
  if (whole === undefined) throw new MongoError(2, message(typeName(value)));
  return Number(whole);
}

function pushSort(spec: Value): PushModifiers['sort'] {
  if (isNumber(spec)) {
    const direction = numberOf(spec);
    if (direction !== 1 && direction !== -1) throw new MongoError(2, 'The $sort element value must be either 1 or -1');
    return (a, b, collation) => compareValues(a, b, collation) * direction;
  }
  if (!(spec instanceof Doc)) {
    throw new MongoError(
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  if (spec.size === 0) throw new MongoError(2, 'The sort pattern is empty when it should be a set of fields.');
  spec.keys.forEach((path, i) => {
    const value = spec.values[i]!;
    if (path === '') throw new MongoError(2, 'The sort field cannot be empty');
    if (path.split('.').includes(''))
      throw new MongoError(2, `The sort field is a dotted field but has an empty part: ${path}`);
    if (!isNumber(value) || Math.abs(numberOf(value)) !== 1)
      throw new MongoError(2, 'The $sort element value must be either 1 or -1');
  });
  const sort = compileSort(spec);
  const asDoc = (value: Value): Doc => (value instanceof Doc ? value : new Doc());
  return (a, b) => sort.compare(asDoc(a), asDoc(b));
}

const addToSet: FieldOperator = (argument) => {
  const items = parseAddToSet(argument);
  return (current, { collation }, field) => {
    if (current !== undefined && !Array.isArray(current)) {
      throw new MongoError(
        2,
        `Cannot apply $addToSet to non-array field. Field named '${lastPart(field)}' has non-array type ${typeName(current)}`,
      );
    }
    const array: readonly Value[] = current ?? [];
    const added = missingFrom(array, items, collation);
    return added.length === 0 && current !== undefined ? current : [...array, ...added];
  };
};

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function missingFrom(array: readonly Value[], items: readonly Value[], collation: Collation | undefined): Value[] {
  if (items.length === 1) {
    const [item] = items as [Value];
    return array.some((existing) => equalValues(existing, item, collation)) ? [] : [item];
  }
  const seen = new Set(array.map((item) => encodeKey(item, collation)));
  const added: Value[] = [];
  for (const item of items) {
    const key = encodeKey(item, collation);
    if (!seen.has(key)) added.push(item);
    seen.add(key);
  }
  return added;
}

function parseAddToSet(argument: Value): readonly Value[] {
  if (!(argument instanceof Doc) || argument.keys[0] !== '$each') return [argument];
  const each = argument.values[0];
  if (!Array.isArray(each)) {
    throw new MongoError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(each)}`,
    );
  }
  if (argument.size > 1) {
    throw new MongoError(2, `Found unexpected fields after $each in $addToSet: ${formatDoc(argument)}`);
  }
  return each;
}

const pop: FieldOperator = (argument, path) => {
  const shown = formatElement(path, argument);
  if (!isNumber(argument)) throw new MongoError(9, `Expected a number in: ${shown}`);
  const side = integralOf(argument);
  if (side === undefined) throw new MongoError(9, `Expected an integer: ${shown}`);
  if (side !== 1n && side !== -1n) throw new MongoError(9, `$pop expects 1 or -1, found: ${side}`);
  return (current, _context, field) => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) {
      throw new MongoError(14, `Path '${field}' contains an element of non-array type '${typeName(current)}'`);
    }
    if (current.length === 0) return current;
    return side === 1n ? current.slice(0, -1) : current.slice(1);
  };
};

function removing(
  matcher: (argument: Value, collation: Collation | undefined) => (item: Value) => boolean,
): FieldOperator {
  return (argument) => {
    let compiled: { readonly collation: Collation | undefined; readonly test: (item: Value) => boolean } | undefined;
    // Compiled once here to refuse wrong arguments, and again when a collation comes with the command.
    compiled = { collation: undefined, test: matcher(argument, undefined) };
    const update: FieldUpdate = (current, { collation }) => {
      if (current === undefined) return undefined;
      if (!Array.isArray(current)) throw new MongoError(2, 'Cannot apply $pull to a non-array value');
      if (compiled?.collation !== collation) compiled = { collation, test: matcher(argument, collation) };
      const { test } = compiled!;
      const kept = current.filter((item) => !test(item));
      return kept.length === current.length ? current : kept;
    };
    return update;
  };
}

const LOGICAL = new Set(['$and', '$or', '$nor']);

const pull = removing((argument, collation) => {
  if (argument instanceof Doc && (!isOperatorDoc(argument) || LOGICAL.has(argument.keys[0]!))) {
    const test = compileDocTest(argument, { collation });
    return (item) => item instanceof Doc && test(item, null);
  }
  if (isOperatorDoc(argument) || isRegExp(argument)) {
    const test = compileDocTest(new Doc(['item'], [argument]), { collation });
    return (item) => test(new Doc(['item'], [item]), null);
  }
  return (item) => equalValues(item, argument, collation);
});

const pullAll = removing((argument, collation) => {
  if (!Array.isArray(argument)) {
    throw new MongoError(2, `$pullAll requires an array argument but was given a ${typeName(argument)}`);
  }
  return (item) => argument.some((other) => equalValues(item, other, collation));
});

export const arrayOperators: Readonly<Record<string, FieldOperator>> = {
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
};
