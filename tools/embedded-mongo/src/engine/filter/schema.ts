import { Doc, isNumber } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { compareValues, equalValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { encodeKey } from '../keys.ts';
import { numberOf } from '../numbers.ts';
import type { DocTest } from './compile.ts';
import { compileRegex } from './regex.ts';
import { typeTest } from './tests.ts';

type Check = (value: Value) => boolean;

const JSON_TYPES = new Map([
  ['object', 'object'],
  ['array', 'array'],
  ['number', 'number'],
  ['boolean', 'bool'],
  ['string', 'string'],
  ['null', 'null'],
]);

/**
 * Compiles a `$jsonSchema`.
 * @throws MongoError FailedToParse or TypeMismatch for unknown keywords and wrong arguments.
 */
export function compileSchema(schema: Doc): DocTest {
  const check = compileNode(schema);
  return (doc) => check(doc);
}

function compileNode(schema: Doc): Check {
  const checks: Check[] = [];
  for (let i = 0; i < schema.keys.length; i++) {
    const check = compileKeyword(schema.keys[i]!, schema.values[i]!, schema);
    if (check) checks.push(check);
  }
  return (value) => checks.every((check) => check(value));
}

function compileKeyword(keyword: string, argument: Value, schema: Doc): Check | undefined {
  switch (keyword) {
    case 'bsonType':
      return (value) => typeTest(argument, '$jsonSchema')(value, null);
    case 'type':
      return jsonType(argument);
    case 'enum': {
      const keys = new Set(listOf(keyword, argument).map((item) => encodeKey(item)));
      return (value) => keys.has(encodeKey(value));
    }
    case 'title':
    case 'description':
      if (typeof argument !== 'string')
        throw new MongoError(14, `$jsonSchema keyword '${keyword}' must be of type string`);
      return undefined;
    case 'not': {
      const check = compileNode(docOf(keyword, argument));
      return (value) => !check(value);
    }
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return combination(keyword, argument);
    default:
      return (
        numberKeyword(keyword, argument, schema) ??
        sizeKeyword(keyword, argument) ??
        shapeKeyword(keyword, argument, schema)
      );
  }
}

function jsonType(argument: Value): Check {
  const names = Array.isArray(argument) ? argument : [argument];
  const types = names.map((name) => {
    if (typeof name !== 'string')
      throw new MongoError(14, "$jsonSchema keyword 'type' must be either a string or an array of strings");
    const type = JSON_TYPES.get(name);
    if (name === 'integer') throw new MongoError(9, "$jsonSchema type 'integer' is not currently supported.");
    if (type === undefined) throw new MongoError(2, `Unknown type name alias: ${name}`);
    return type;
  });
  const test = typeTest(types, '$jsonSchema');
  return (value) => test(value, null);
}

function combination(keyword: string, argument: Value): Check {
  const list = listOf(keyword, argument);
  if (list.length === 0) throw new MongoError(2, `$jsonSchema keyword '${keyword}' must be a non-empty array`);
  const checks = list.map((item) => compileNode(docOf(keyword, item)));
  if (keyword === 'allOf') return (value) => checks.every((check) => check(value));
  if (keyword === 'anyOf') return (value) => checks.some((check) => check(value));
  return (value) => checks.filter((check) => check(value)).length === 1;
}

function numberKeyword(keyword: string, argument: Value, schema: Doc): Check | undefined {
  switch (keyword) {
    case 'minimum': {
      const limit = numeric(keyword, argument);
      const exclusive = schema.get('exclusiveMinimum') === true;
      return (value) =>
        !isNumber(value) || (exclusive ? compareValues(value, limit) > 0 : compareValues(value, limit) >= 0);
    }
    case 'maximum': {
      const limit = numeric(keyword, argument);
      const exclusive = schema.get('exclusiveMaximum') === true;
      return (value) =>
        !isNumber(value) || (exclusive ? compareValues(value, limit) < 0 : compareValues(value, limit) <= 0);
    }
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      if (typeof argument !== 'boolean') throw new MongoError(14, `$jsonSchema keyword '${keyword}' must be a boolean`);
      return () => true;
    case 'multipleOf': {
      const step = numberOf(numeric(keyword, argument) as number);
      if (!(step > 0)) throw new MongoError(9, "$jsonSchema keyword 'multipleOf' must have a positive value");
      return (value) => !isNumber(value) || numberOf(value) % step === 0;
    }
    default:
      return undefined;
  }
}

function sizeKeyword(keyword: string, argument: Value): Check | undefined {
  const within = (size: number): ((length: number) => boolean) =>
    keyword.startsWith('min') ? (length) => length >= size : (length) => length <= size;
  switch (keyword) {
    case 'minLength':
    case 'maxLength': {
      const fits = within(sizeOf(keyword, argument));
      return (value) => typeof value !== 'string' || fits([...value].length);
    }
    case 'minItems':
    case 'maxItems': {
      const fits = within(sizeOf(keyword, argument));
      return (value) => !Array.isArray(value) || fits(value.length);
    }
    case 'minProperties':
    case 'maxProperties': {
      const fits = within(sizeOf(keyword, argument));
      return (value) => !(value instanceof Doc) || fits(value.size);
    }
    default:
      return undefined;
  }
}

function shapeKeyword(keyword: string, argument: Value, schema: Doc): Check | undefined {
  switch (keyword) {
    case 'pattern': {
      if (typeof argument !== 'string') throw new MongoError(14, "$jsonSchema keyword 'pattern' must be a string");
      const pattern = compileRegex(argument, '');
      return (value) => typeof value !== 'string' || pattern.test(value);
    }
    case 'required': {
      const names = listOf(keyword, argument).map(String);
      if (names.length === 0) throw new MongoError(9, "$jsonSchema keyword 'required' cannot be an empty array");
      return (value) => !(value instanceof Doc) || names.every((name) => value.has(name));
    }
    case 'uniqueItems':
      if (argument !== true) return undefined;
      return (value) =>
        !Array.isArray(value) || value.every((item, i) => value.findIndex((other) => equalValues(item, other)) === i);
    case 'items':
      return itemsKeyword(argument, schema.get('additionalItems'));
    case 'additionalItems':
      return undefined;
    case 'properties':
    case 'patternProperties':
      return keyword === 'properties' || !schema.has('properties') ? propertiesKeyword(schema) : undefined;
    case 'additionalProperties':
      return schema.has('properties') || schema.has('patternProperties') ? undefined : propertiesKeyword(schema);
    case 'dependencies':
      return dependencies(docOf(keyword, argument));
    default:
      throw new MongoError(9, `Unknown $jsonSchema keyword: ${keyword}`);
  }
}

function itemsKeyword(argument: Value, additional: MaybeValue): Check {
  if (argument instanceof Doc) {
    const check = compileNode(argument);
    return (value) => !Array.isArray(value) || value.every(check);
  }
  const checks = listOf('items', argument).map((item) => compileNode(docOf('items', item)));
  const rest: Check =
    additional === false ? () => false : additional instanceof Doc ? compileNode(additional) : () => true;
  return (value) => !Array.isArray(value) || value.every((item, i) => (checks[i] ?? rest)(item));
}

function propertiesKeyword(schema: Doc): Check {
  const named = new Map<string, Check>();
  const properties = schema.get('properties');
  if (properties !== undefined) {
    const doc = docOf('properties', properties);
    doc.keys.forEach((key, i) => named.set(key, compileNode(docOf(key, doc.values[i]!))));
  }
  const patterns = schema.get('patternProperties');
  const patterned =
    patterns === undefined
      ? []
      : docOf('patternProperties', patterns).keys.map((key, i) => {
          return { pattern: compileRegex(key, ''), check: compileNode(docOf(key, (patterns as Doc).values[i]!)) };
        });
  const additional = schema.get('additionalProperties');
  const rest: Check =
    additional === false ? () => false : additional instanceof Doc ? compileNode(additional) : () => true;
  return (value) => {
    if (!(value instanceof Doc)) return true;
    return value.keys.every((key, i) => {
      const item = value.values[i]!;
      const own = named.get(key);
      const matching = patterned.filter(({ pattern }) => pattern.test(key));
      if (own === undefined && matching.length === 0) return rest(item);
      return (own === undefined || own(item)) && matching.every(({ check }) => check(item));
    });
  };
}

function dependencies(spec: Doc): Check {
  const checks = spec.keys.map((key, i): Check => {
    const needed = spec.values[i]!;
    const check: Check = Array.isArray(needed)
      ? (value) => needed.every((name) => (value as Doc).has(String(name)))
      : compileNode(docOf('dependencies', needed));
    return (value) => !(value instanceof Doc) || !value.has(key) || check(value);
  });
  return (value) => checks.every((check) => check(value));
}

function numeric(keyword: string, argument: Value): Value {
  if (!isNumber(argument)) throw new MongoError(14, `$jsonSchema keyword '${keyword}' must be a number`);
  return argument;
}

function sizeOf(keyword: string, argument: Value): number {
  const size = isNumber(argument) ? numberOf(argument) : NaN;
  if (!Number.isInteger(size) || size < 0) {
    throw new MongoError(9, `$jsonSchema keyword '${keyword}' must be a non-negative integer`);
  }
  return size;
}

function listOf(keyword: string, argument: Value): Value[] {
  if (!Array.isArray(argument)) throw new MongoError(14, `$jsonSchema keyword '${keyword}' must be an array`);
  return argument;
}

function docOf(keyword: string, argument: Value): Doc {
  if (!(argument instanceof Doc)) throw new MongoError(14, `$jsonSchema keyword '${keyword}' must be an object`);
  return argument;
}
