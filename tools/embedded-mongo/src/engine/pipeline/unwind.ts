import { Doc, Long, typeName } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { splitFieldPath } from '../expr/index.ts';
import { carryMeta } from '../meta.ts';
import type { Stage } from './compile.ts';
import { setPath } from './shaping.ts';
import type { StageCompiler } from './stages.ts';

const unwind: StageCompiler = (argument) => {
  const spec = argument instanceof Doc ? argument : Doc.of(['path', argument]);
  if (!(argument instanceof Doc) && typeof argument !== 'string') {
    throw new MongoError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(argument)}`,
    );
  }
  for (const key of spec.keys) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key)) {
      throw new MongoError(28811, `unrecognized option to $unwind stage: ${key}`);
    }
  }
  const path = spec.get('path');
  if (path === undefined || path === '') throw new MongoError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string')
    throw new MongoError(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`);
  if (!path.startsWith('$'))
    throw new MongoError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const keepEmpty = spec.get('preserveNullAndEmptyArrays') ?? false;
  if (typeof keepEmpty !== 'boolean') {
    throw new MongoError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(keepEmpty)}`,
    );
  }
  const index = spec.get('includeArrayIndex');
  if (index !== undefined && (typeof index !== 'string' || index === '')) {
    throw new MongoError(
      28810,
      `expected a non-empty string for the includeArrayIndex  option to $unwind stage, got ${typeName(index)}`,
    );
  }
  if (index?.startsWith('$')) {
    throw new MongoError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    );
  }
  return unwindStage(splitFieldPath(path.slice(1)), keepEmpty, index === undefined ? undefined : splitFieldPath(index));
};

function unwindStage(parts: readonly string[], keepEmpty: boolean, index: readonly string[] | undefined): Stage {
  return function* (source) {
    for (const doc of source) {
      const value = plainPath(doc, parts);
      if (Array.isArray(value) && value.length > 0) {
        for (let i = 0; i < value.length; i++) {
          const unwound = setPath(doc, parts, 0, value[i]);
          const result = index ? setPath(unwound, index, 0, indexValue(i)) : unwound;
          carryMeta(doc, result);
          yield result;
        }
      } else if (value !== undefined && value !== null && !Array.isArray(value)) {
        yield index ? setPath(doc, index, 0, null) : doc;
      } else if (keepEmpty) {
        const kept = Array.isArray(value) ? setPath(doc, parts, 0, undefined) : doc;
        yield index ? setPath(kept, index, 0, null) : kept;
      }
    }
  };
}

function plainPath(doc: Doc, parts: readonly string[]): Value | undefined {
  let value: Value | undefined = doc;
  for (const part of parts) {
    if (!(value instanceof Doc)) return undefined;
    value = value.get(part);
  }
  return value;
}

const indexValue = (index: number): Value => Long.fromNumber(index);

export const unwindStages: Readonly<Record<string, StageCompiler>> = { $unwind: unwind };
