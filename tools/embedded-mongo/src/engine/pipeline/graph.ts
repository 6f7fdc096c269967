import { Doc, isNumber, Long, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { compileExpression, splitFieldPath } from '../expr/index.ts';
import { compileDocTest } from '../filter/compile.ts';
import { encodeKey } from '../keys.ts';
import { integralOf } from '../numbers.ts';
import { fieldPath, valuesAtPath } from '../path.ts';
import { createMatcher } from './joins.ts';
import { mapping, setPath } from './shaping.ts';
import type { StageCompiler } from './stages.ts';

const FIELDS = [
  'from',
  'startWith',
  'connectFromField',
  'connectToField',
  'as',
  'maxDepth',
  'depthField',
  'restrictSearchWithMatch',
];
const REQUIRED = ['from', 'as', 'startWith', 'connectFromField', 'connectToField'];

function parse(argument: Value): Doc {
  if (!(argument instanceof Doc)) {
    throw new MongoError(9, `the $graphLookup stage specification must be an object, but found ${typeName(argument)}`);
  }
  for (const key of argument.keys) {
    if (!FIELDS.includes(key)) throw new MongoError(40104, `unknown argument to $graphLookup: ${key}`);
  }
  const missing = REQUIRED.filter((name) => !argument.has(name));
  if (missing.length > 0) {
    throw new MongoError(
      12109300,
      `$graphLookup is missing required field(s): ${missing.map((name) => `'${name}'`).join(', ')}`,
    );
  }
  return argument;
}

function textOf(spec: Doc, name: string): string {
  const value = spec.get(name);
  if (typeof value !== 'string')
    throw new MongoError(40103, `expected string as argument for ${name}, found: ${typeName(value)}`);
  return value;
}

function depthOf(value: MaybeValue): number {
  if (value === undefined) return Infinity;
  const whole = isNumber(value) ? integralOf(value) : undefined;
  if (whole === undefined)
    throw new MongoError(40100, `maxDepth requires a numeric argument, found type: ${typeName(value)}`);
  if (whole < 0n) throw new MongoError(12109308, `$graphLookup 'maxDepth' must be nonnegative, but found: ${whole}`);
  return Number(whole);
}

const graphLookup: StageCompiler = (argument, { scope, env }) => {
  const spec = parse(argument);
  const as = splitFieldPath(textOf(spec, 'as'));
  const connectFrom = fieldPath(textOf(spec, 'connectFromField'));
  const matcher = createMatcher(env, textOf(spec, 'from'), textOf(spec, 'connectToField'));
  const maxDepth = depthOf(spec.get('maxDepth'));
  const depthField = spec.has('depthField') ? splitFieldPath(textOf(spec, 'depthField')) : undefined;
  const restriction = spec.get('restrictSearchWithMatch');
  const admits =
    restriction instanceof Doc ? compileDocTest(restriction, { scope, collation: env.collation }) : () => true;
  const start = compileExpression(spec.get('startWith')!, scope);
  const { runtime } = scope;
  return mapping((doc) => {
    runtime.root = doc;
    runtime.current = doc;
    const first = start.run();
    const found = new Map<string, Doc>();
    const asked = new Set<string>();
    let frontier: Value[] = Array.isArray(first) ? first : first === undefined ? [] : [first];
    for (let depth = 0; frontier.length > 0 && depth <= maxDepth; depth++) {
      const next: Value[] = [];
      for (const value of frontier) {
        const key = encodeKey(value, env.collation);
        if (asked.has(key)) continue;
        asked.add(key);
        for (const match of matcher.find(value)) {
          const id = encodeKey(match.get('_id'));
          if (found.has(id) || !admits(match, null)) continue;
          found.set(id, depthField ? setPath(match, depthField, 0, Long.fromNumber(depth)) : match);
          next.push(...valuesAtPath(match, connectFrom));
        }
      }
      frontier = next;
    }
    return setPath(doc, as, 0, [...found.values()]);
  });
};

export const graphStages: Readonly<Record<string, StageCompiler>> = { $graphLookup: graphLookup };
