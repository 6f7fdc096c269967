import type { Doc, Value } from '../../bson/index.ts';
import { MongoError, withPrefix } from '../errors.ts';
import { createScope } from '../expr/scope.ts';
import { compileStages } from './compile.ts';
import type { PipelineEnv } from './compile.ts';

export type { MergeTarget, OutTarget, PipelineEnv } from './compile.ts';

/** A pipeline ready to run, possibly several times. */
export interface CompiledPipeline {
  run(source: Iterable<Doc>): Iterable<Doc>;
}

/**
 * Compiles a pipeline.
 * @throws MongoError for everything that can be known without documents.
 */
export function compilePipeline(stages: readonly Value[], env: PipelineEnv): CompiledPipeline {
  const scope = createScope({ now: env.now, collation: env.collation, let: env.let });
  const run = compileStages(stages, scope, env);
  if (scope.runtime.optimizeError) throw withPrefix(scope.runtime.optimizeError, 'Failed to optimize pipeline');
  return { run: (source) => (env.namespace === undefined ? run(source) : guarded(run(source), env.namespace)) };
}

// Errors of single documents are told with the place they happened at.
function* guarded(docs: Iterable<Doc>, namespace: string): Iterable<Doc> {
  try {
    yield* docs;
  } catch (error) {
    if (error instanceof MongoError && error.code === 11000) throw error;
    throw withPrefix(error, `Executor error during aggregate command on namespace: ${namespace}`);
  }
}

/** Compiles and runs a pipeline. The result is lazy: errors of single documents come up while it is read. */
export function runPipeline(stages: readonly Value[], source: Iterable<Doc>, env: PipelineEnv): Iterable<Doc> {
  return compilePipeline(stages, env).run(source);
}
