import type { Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import type { Stage, StageContext } from './compile.ts';
import { shapingStages } from './shaping.ts';

/** Compiles the argument of a stage. */
export type StageCompiler = (argument: Value, context: StageContext) => Stage;

const FAMILIES: readonly Readonly<Record<string, StageCompiler>>[] = [shapingStages];

/** The compiler of a stage. @throws MongoError 40324 when there is no such stage. */
export function findStage(name: string): StageCompiler {
  for (const family of FAMILIES) if (Object.hasOwn(family, name)) return family[name]!;
  throw new MongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
}
