import { Doc, docSize, isBinary, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatTight, formatTightValue } from '../format.ts';
import { constant, expression, nullish, unary, variadic } from './core.ts';
import type { Compiler, Compilers } from './core.ts';
import { compileExpression } from './index.ts';
import { namedArguments } from './named.ts';

const mergeObjects: Compiler = variadic(0, Infinity, (values) => {
  const [only] = values;
  return mergeAll(values.length === 1 && Array.isArray(only) ? only : values);
});

/** Merges documents, later fields winning; null counts as an empty document. */
export function mergeAll(values: Iterable<MaybeValue>): Doc {
  const result = new Doc();
  for (const value of values) mergeInto(result, value);
  return result;
}

export function mergeInto(result: Doc, value: MaybeValue): void {
  if (nullish(value)) return;
  if (!(value instanceof Doc)) {
    throw new MongoError(
      40400,
      `$mergeObjects requires object inputs, but input ${formatTightValue(value)} is of type ${typeName(value)}`,
    );
  }
  for (let i = 0; i < value.keys.length; i++) result.set(value.keys[i]!, value.values[i]!);
}

const objectToArray: Compiler = unary((value) => {
  if (nullish(value)) return null;
  if (!(value instanceof Doc))
    throw new MongoError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
  return value.keys.map((key, i) => Doc.of(['k', key], ['v', value.values[i]!]));
});

const arrayToObject: Compiler = unary((value) => {
  if (nullish(value)) return null;
  if (!Array.isArray(value))
    throw new MongoError(40386, `$arrayToObject requires an array input, found: ${typeName(value)}`);
  const result = new Doc();
  const pairs = Array.isArray(value[0]);
  for (const item of value) {
    const [key, field] = pairs ? pairOf(item) : entryOf(item);
    result.set(key, field);
  }
  return result;
});

function pairOf(item: Value): [string, Value] {
  if (!Array.isArray(item)) {
    throw new MongoError(
      40396,
      '$arrayToObject requires a consistent input format. Elements mustall be arrays or all be objects. Array was ' +
        `detected, now found: ${typeName(item)}`,
    );
  }
  if (item.length !== 2) {
    throw new MongoError(
      40397,
      `$arrayToObject requires an array of size 2 arrays,found array of size: ${item.length}`,
    );
  }
  const [key, value] = item as [Value, Value];
  if (typeof key !== 'string') {
    throw new MongoError(
      40395,
      `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(key)}`,
    );
  }
  return [checkKey(key), value];
}

function checkKey(key: string): string {
  if (key.includes('\0')) throw new MongoError(4940400, 'Key field cannot contain an embedded null byte');
  return key;
}

function entryOf(item: Value): [string, Value] {
  if (Array.isArray(item)) {
    throw new MongoError(
      40391,
      '$arrayToObject requires a consistent input format. Elements mustall be arrays or all be objects. Object was ' +
        `detected, now found: ${typeName(item)}`,
    );
  }
  if (!(item instanceof Doc))
    throw new MongoError(40398, `Unrecognised input type format for $arrayToObject: ${typeName(item)}`);
  if (item.size !== 2) {
    throw new MongoError(
      40392,
      `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${item.size}`,
    );
  }
  const key = item.get('k');
  const value = item.get('v');
  if (key === undefined || value === undefined) {
    throw new MongoError(
      40393,
      `$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: ${formatTight(item)}`,
    );
  }
  if (typeof key !== 'string') {
    throw new MongoError(
      40394,
      `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(key)}`,
    );
  }
  return [checkKey(key), value];
}

const getField: Compiler = (argument, scope) => {
  const named = argument instanceof Doc && !argument.keys[0]?.startsWith('$');
  const spec = named ? argument : Doc.of(['field', argument], ['input', '$$CURRENT']);
  const given = namedArguments(spec, {
    operator: '$getField',
    required: {
      field: [3041702, "$getField requires 'field' to be specified"],
      input: [3041703, "$getField requires 'input' to be specified"],
    },
    notObject: () => [3041700, '$getField requires an object'],
    unknown: (name) => [3041701, `$getField found an unknown argument: ${name}`],
  });
  const field = compileExpression(given['field']!, scope);
  const input = compileExpression(given['input']!, scope);
  return expression([field, input], scope, () => {
    const name = field.run();
    if (typeof name !== 'string') {
      throw new MongoError(3041704, `$getField requires 'field' to evaluate to type String, but got ${typeName(name)}`);
    }
    const value = input.run();
    if (nullish(value)) return value === undefined ? undefined : null;
    return value instanceof Doc ? value.get(name) : undefined;
  });
};

function settingField(operator: string): Compiler {
  return (argument, scope) => {
    const required: Record<string, readonly [number, string]> = {
      field: [4161102, `${operator} requires 'field' to be specified`],
      input: [4161109, `${operator} requires 'input' to be specified`],
    };
    if (operator === '$setField') required['value'] = [4161103, `${operator} requires 'value' to be specified`];
    const given = namedArguments(argument, {
      operator,
      required,
      notObject: (found) => [4161100, `${operator} only supports an object as its argument, found ${typeName(found)}`],
      unknown: (name) => [4161101, `${operator} found an unknown argument: ${name}`],
    });
    const name = fieldName(operator, given['field']!);
    const input = compileExpression(given['input']!, scope);
    const value = given['value'] === undefined ? constant(undefined) : compileExpression(given['value'], scope);
    return expression([input, value], scope, () => {
      const target = input.run();
      if (nullish(target)) return null;
      if (!(target instanceof Doc))
        throw new MongoError(4161105, "$setField requires 'input' to evaluate to type Object");
      const result = target.clone();
      const field = value.run();
      if (field === undefined) result.delete(name);
      else result.set(name, field);
      return result;
    });
  };
}

function fieldName(operator: string, spec: Value): string {
  const shown = operator === '$unsetField' ? '$unsetField' : '$setField';
  if (typeof spec === 'string') {
    if (!spec.startsWith('$')) return spec;
    const path = spec.startsWith('$$') ? spec.slice(1) : `$CURRENT.${spec.slice(1)}`;
    throw new MongoError(
      4161108,
      `'${path}' is a field path reference which is not allowed in this context. Did you mean {$literal: '${path}'}?`,
    );
  }
  const literal = spec instanceof Doc && spec.keys[0] === '$literal' ? spec.values[0]! : spec;
  if (typeof literal === 'string') return literal;
  throw new MongoError(4161107, `${shown} requires 'field' to evaluate to type String, but got ${typeName(literal)}`);
}

const bsonSize: Compiler = unary((value) => {
  if (nullish(value)) return null;
  if (!(value instanceof Doc))
    throw new MongoError(31393, `$bsonSize requires a document input, found: ${typeName(value)}`);
  return docSize(value);
});

const binarySize: Compiler = unary((value) => {
  if (nullish(value)) return null;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (isBinary(value)) return value.position;
  throw new MongoError(51276, `$binarySize requires a string or BinData argument, found: ${typeName(value)}`);
});

export const objects: Compilers = {
  $mergeObjects: mergeObjects,
  $objectToArray: objectToArray,
  $arrayToObject: arrayToObject,
  $getField: getField,
  $setField: settingField('$setField'),
  $unsetField: settingField('$unsetField'),
  $bsonSize: bsonSize,
  $binarySize: binarySize,
};
