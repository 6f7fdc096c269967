import type { Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { bucketStages } from './buckets.ts';
import type { Stage, StageContext } from './compile.ts';
import { facetStages } from './facets.ts';
import { fillStages } from './fill.ts';
import { graphStages } from './graph.ts';
import { groupingStages } from './grouping.ts';
import { joinStages } from './joins.ts';
import { outputStages } from './output.ts';
import { shapingStages } from './shaping.ts';
import { sourceStages } from './sources.ts';
import { unwindStages } from './unwind.ts';
import { windowStages } from './window.ts';

/** Compiles the argument of a stage. */
export type StageCompiler = (argument: Value, context: StageContext) => Stage;

const families = (): readonly Readonly<Record<string, StageCompiler>>[] => [
  shapingStages,
  unwindStages,
  groupingStages,
  bucketStages,
  joinStages,
  graphStages,
  facetStages,
  windowStages,
  fillStages,
  outputStages,
  sourceStages,
];

const FIRST_ONLY = new Set([
  '$documents',
  '$collStats',
  '$indexStats',
  '$geoNear',
  '$currentOp',
  '$listSessions',
  '$planCacheStats',
  '$changeStream',
]);
const LAST_ONLY = new Set(['$out', '$merge']);
const TOP_ONLY = new Set([...LAST_ONLY, '$changeStream']);
const NOT_IN_FACET = new Set([...FIRST_ONLY, ...LAST_ONLY, '$facet', '$search', '$vectorSearch']);

/** Whether there is a stage of that name. */
export function isStage(name: string): boolean {
  return families().some((stages) => Object.hasOwn(stages, name));
}

/** The compiler of a stage. @throws MongoError when there is no such stage or it may not stand there. */
export function findStage(name: string, context: StageContext): StageCompiler {
  const family = families().find((stages) => Object.hasOwn(stages, name));
  if (!family) throw new MongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
  return (argument, given) => {
    const stage = family[name]!(argument, given);
    checkPlace(name, context);
    return stage;
  };
}

function checkPlace(name: string, { index, count, within }: StageContext): void {
  if (within === '$facet' && NOT_IN_FACET.has(name)) {
    throw new MongoError(40600, `${name} is not allowed to be used within a $facet stage`);
  }
  if (within === '$lookup' && TOP_ONLY.has(name)) {
    throw new MongoError(51047, `${name} is not allowed within a $lookup's sub-pipeline`);
  }
  if (within === '$unionWith' && TOP_ONLY.has(name)) {
    throw new MongoError(31441, `${name} is not allowed within a $unionWith's sub-pipeline`);
  }
  if (FIRST_ONLY.has(name) && index > 0)
    throw new MongoError(40602, `${name} is only valid as the first stage in a pipeline`);
  if (LAST_ONLY.has(name) && index < count - 1)
    throw new MongoError(40601, `${name} can only be the final stage in the pipeline`);
}
