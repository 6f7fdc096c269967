import { Doc } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import type { Collation } from '../collation.ts';
import { MongoError } from '../errors.ts';
import type { Scope } from '../expr/scope.ts';
import { findStage } from './stages.ts';

/** What a pipeline needs from its surroundings. */
export interface PipelineEnv {
  /** All documents of a collection of the same database; none when there is no such collection. */
  collection(name: string): Iterable<Doc>;
  /** Documents of a collection whose field equals the value, through an index; null when there is no index for it. */
  lookupByEquality?: ((collection: string, field: string, value: Value) => Iterable<Doc> | null) | undefined;
  readonly now?: Date | undefined;
  readonly collation?: Collation | undefined;
  /** Values of the command's variables, already evaluated. */
  readonly let?: Doc | undefined;
  /** Writes the results of `$out`, replacing the collection. */
  out?: ((target: OutTarget, docs: Doc[]) => void) | undefined;
  /** Writes the results of `$merge`. */
  merge?: ((target: MergeTarget, docs: Doc[]) => void) | undefined;
  /** The fields of a collection's text index, for `$text` in a first `$match`. */
  readonly text?: import('../filter/text.ts').TextFields | undefined;
  /** Documents that storage statistics stages give; null when the stage is not known. */
  stats?: ((stage: string, spec: Value) => Iterable<Doc> | null) | undefined;
  /** Called every now and then while documents pass from stage to stage; throws when the time is over. */
  readonly checkTime?: (() => void) | undefined;
  /** `db.collection`, for messages of errors at run time. */
  readonly namespace?: string | undefined;
}

export interface OutTarget {
  readonly db: string | undefined;
  readonly collection: string;
}

export interface MergeTarget extends OutTarget {
  readonly on: readonly string[];
  readonly whenMatched: 'replace' | 'keepExisting' | 'merge' | 'fail' | readonly Value[];
  readonly whenNotMatched: 'insert' | 'discard' | 'fail';
  readonly let: Doc | undefined;
}

/** A compiled stage: turns documents into documents, one by one where it can. */
export type Stage = (source: Iterable<Doc>) => Iterable<Doc>;

/** Compiles a stage's argument. */
export interface StageContext {
  readonly scope: Scope;
  readonly env: PipelineEnv;
  readonly index: number;
  readonly count: number;
  /** Where the pipeline stands: on its own, or within another stage. */
  readonly within: string | undefined;
}

/**
 * Compiles the stages of a pipeline into one function.
 * @throws MongoError for unknown stages and wrong arguments.
 */
export function compileStages(stages: readonly Value[], scope: Scope, env: PipelineEnv, within?: string): Stage {
  const compiled = stages.map((stage, index) => {
    if (!(stage instanceof Doc)) {
      throw new MongoError(14, "Each element of the 'pipeline' array must be an object");
    }
    if (stage.size !== 1) {
      throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    const name = stage.keys[0]!;
    const context: StageContext = { scope, env, index, count: stages.length, within };
    return findStage(name, context)(stage.values[0]!, context);
  });
  return (source) => {
    let docs = source;
    for (const stage of compiled) docs = env.checkTime === undefined ? stage(docs) : timed(stage(docs), env.checkTime);
    return docs;
  };
}

/** Documents between two looks at the clock. */
const TIME_CHECK_INTERVAL = 64;

/** A stage may make more documents of what it gets than were read. */
function* timed(docs: Iterable<Doc>, checkTime: () => void): Generator<Doc> {
  let passed = 0;
  for (const doc of docs) {
    if (++passed % TIME_CHECK_INTERVAL === 0) checkTime();
    yield doc;
  }
}
