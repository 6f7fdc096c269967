import { Doc, typeName } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { splitFieldPath } from '../expr/index.ts';
import { formatElement } from '../format.ts';
import { compileStages } from './compile.ts';
import type { StageCompiler } from './stages.ts';

const facet: StageCompiler = (argument, { scope, env }) => {
  if (!(argument instanceof Doc) || argument.size === 0) {
    throw new MongoError(
      40169,
      `the $facet specification must be a non-empty object, but found: ${formatElement('$facet', argument)}`,
    );
  }
  const branches = argument.keys.map((name, i) => {
    const stages = argument.values[i]!;
    checkName(name);
    if (!Array.isArray(stages))
      throw new MongoError(40170, `arguments to $facet must be arrays, ${name} is type ${typeName(stages)}`);
    return { name, run: compileStages(stages, scope, env, '$facet') };
  });
  return function* (source) {
    const docs = [...source];
    const result = new Doc();
    for (const { name, run } of branches) result.append(name, [...run(docs)]);
    yield result;
  };
};

function checkName(name: string): void {
  const prefix = '$facet pipeline names must follow the naming rules of field path expressions. :: caused by :: ';
  if (name.includes('.'))
    throw new MongoError(16412, `${prefix}FieldPath field names may not contain '.', given '${name}'.`);
  try {
    splitFieldPath(name);
  } catch (error) {
    throw error instanceof MongoError ? new MongoError(error.code, prefix + error.message) : error;
  }
}

export const facetStages: Readonly<Record<string, StageCompiler>> = { $facet: facet };
