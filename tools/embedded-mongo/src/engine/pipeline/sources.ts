import { Doc } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { compileExpression } from '../expr/index.ts';
import type { StageCompiler } from './stages.ts';

const documents: StageCompiler = (argument, { scope }) => {
  const { run } = compileExpression(argument, scope);
  const { runtime } = scope;
  return function* () {
    runtime.root = new Doc();
    runtime.current = runtime.root;
    const list = run();
    if (!Array.isArray(list))
      throw new MongoError(5858203, 'error during aggregation :: caused by :: an array is expected');
    for (const item of list) {
      if (!(item instanceof Doc)) throw new MongoError(40228, '$documents must evaluate to an array of objects');
      yield item;
    }
  };
};

/** Stages whose documents the storage gives. */
function statistics(name: string): StageCompiler {
  return (argument, { env }) => {
    return function* () {
      const docs = env.stats?.(name, argument);
      if (!docs) throw new MongoError(238, `${name} is not supported by the embedded server`);
      yield* docs;
    };
  };
}

/** Begins change streams, which are no pipelines over documents; it is known here for the places it may not stand in. */
const changeStream: StageCompiler = () => (source) => source;

const unsupported: StageCompiler = () => {
  throw new MongoError(238, 'this stage is not supported by the embedded server');
};

export const sourceStages: Readonly<Record<string, StageCompiler>> = {
  $documents: documents,
  $collStats: statistics('$collStats'),
  $indexStats: statistics('$indexStats'),
  $currentOp: statistics('$currentOp'),
  $listSessions: statistics('$listSessions'),
  $listLocalSessions: statistics('$listLocalSessions'),
  $planCacheStats: statistics('$planCacheStats'),
  $changeStream: changeStream,
  $geoNear: unsupported,
  $search: unsupported,
  $searchMeta: unsupported,
  $vectorSearch: unsupported,
};
