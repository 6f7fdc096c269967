import { Doc, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import type { MergeTarget, OutTarget, Stage } from './compile.ts';
import type { StageCompiler } from './stages.ts';

/** A stage that takes all documents in and gives none. */
function consuming(write: (docs: Doc[]) => void): Stage {
  return function* (source) {
    write([...source]);
  };
}

const out: StageCompiler = (argument, { env }) => {
  const target = outTarget(argument);
  return consuming((docs) => {
    if (!env.out) throw new MongoError(238, '$out is not supported here');
    env.out(target, docs);
  });
};

function outTarget(argument: Value): OutTarget {
  if (typeof argument === 'string') return { db: undefined, collection: argument };
  if (!(argument instanceof Doc)) {
    throw new MongoError(16990, `$out only supports a string or object argument, but found ${typeName(argument)}`);
  }
  const db = argument.get('db');
  const coll = argument.get('coll');
  for (const key of argument.keys) {
    if (key !== 'db' && key !== 'coll') throw new MongoError(40415, `BSON field '$out.${key}' is an unknown field.`);
  }
  if (typeof db !== 'string' || typeof coll !== 'string') {
    const missing = typeof coll !== 'string' ? 'coll' : 'db';
    throw new MongoError(40414, `BSON field '$out.${missing}' is missing but a required field`);
  }
  return { db, collection: coll };
}

const WHEN_MATCHED = ['replace', 'keepExisting', 'merge', 'fail'] as const;
const WHEN_NOT_MATCHED = ['insert', 'discard', 'fail'] as const;

const merge: StageCompiler = (argument, { env }) => {
  const target = mergeTarget(argument);
  return consuming((docs) => {
    if (!env.merge) throw new MongoError(238, '$merge is not supported here');
    env.merge(target, docs);
  });
};

function mergeTarget(argument: Value): MergeTarget {
  if (typeof argument !== 'string' && !(argument instanceof Doc)) {
    throw new MongoError(14, `$merge requires a string or object argument, but found ${typeName(argument)}`);
  }
  const spec = typeof argument === 'string' ? Doc.of(['into', argument]) : argument;
  for (const key of spec.keys) {
    if (!['into', 'on', 'let', 'whenMatched', 'whenNotMatched'].includes(key)) {
      throw new MongoError(40415, `BSON field '$merge.${key}' is an unknown field.`);
    }
  }
  const variables = spec.get('let');
  return {
    ...intoOf(spec.get('into')),
    on: onOf(spec.get('on')),
    whenMatched: whenMatchedOf(spec.get('whenMatched')),
    whenNotMatched: whenNotMatchedOf(spec.get('whenNotMatched')),
    let: variables instanceof Doc ? variables : undefined,
  };
}

function intoOf(into: MaybeValue): OutTarget {
  if (into === undefined) throw new MongoError(40414, "BSON field '$merge.into' is missing but a required field");
  if (typeof into === 'string') return { db: undefined, collection: into };
  const coll = into instanceof Doc ? into.get('coll') : undefined;
  const db = into instanceof Doc ? into.get('db') : undefined;
  if (typeof coll !== 'string')
    throw new MongoError(51178, "$merge 'into' field must specify a 'coll' that is not empty");
  return { db: typeof db === 'string' ? db : undefined, collection: coll };
}

function onOf(on: MaybeValue): string[] {
  const fields = on === undefined ? ['_id'] : Array.isArray(on) ? on : [on];
  if (fields.length === 0)
    throw new MongoError(51187, "If explicitly specifying $merge 'on', must include at least one field");
  return fields.map((field) => {
    if (typeof field !== 'string')
      throw new MongoError(51134, `$merge 'on' array elements must be strings, but found ${typeName(field)}`);
    return field;
  });
}

function whenMatchedOf(value: MaybeValue): MergeTarget['whenMatched'] {
  if (value === undefined) return 'merge';
  if (Array.isArray(value)) return value;
  const mode = WHEN_MATCHED.find((name) => name === value);
  if (mode) return mode;
  throw new MongoError(2, `Enumeration value '${String(value)}' for field 'whenMatched' is not a valid value.`);
}

function whenNotMatchedOf(value: MaybeValue): MergeTarget['whenNotMatched'] {
  if (value === undefined) return 'insert';
  const mode = WHEN_NOT_MATCHED.find((name) => name === value);
  if (mode) return mode;
  throw new MongoError(
    2,
    `Enumeration value '${String(value)}' for field '$merge.whenNotMatched' is not a valid value.`,
  );
}

export const outputStages: Readonly<Record<string, StageCompiler>> = { $out: out, $merge: merge };
