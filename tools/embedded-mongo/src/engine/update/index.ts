import { Doc } from '../../bson/index.ts';
import type { Value } from '../../bson/index.ts';
import type { Collation } from '../collation.ts';
import { MongoError } from '../errors.ts';
import { createScope } from '../expr/scope.ts';
import { formatElement } from '../format.ts';
import { identicalValues } from '../identical.ts';
import { compileStages } from '../pipeline/compile.ts';
import { isStage } from '../pipeline/stages.ts';
import { applyModification } from './apply.ts';
import { compileArrayFilters } from './array-filters.ts';
import { parseModifications } from './parse.ts';
import type { ElementTests, Modification, Update, UpdateContext } from './types.ts';
import { upsertSeed } from './upsert.ts';

export type { Update } from './types.ts';
export { upsertSeed };

/** What an update is compiled with. */
export interface UpdateOptions {
  readonly arrayFilters?: readonly Value[] | undefined;
  readonly collation?: Collation | undefined;
  readonly now?: Date | undefined;
  /** Variables of the command, for pipeline updates. */
  readonly let?: Doc | undefined;
  /** Whether many documents are updated, which replacements refuse. */
  readonly multi?: boolean | undefined;
}

/**
 * Compiles an update: a document of operators, a replacement document or a pipeline.
 * @throws MongoError with MongoDB's code and message for what is not a valid update.
 */
export function compileUpdate(update: Doc | readonly Value[], options: UpdateOptions = {}): Update {
  const now = options.now ?? new Date();
  if (!(update instanceof Doc)) return compilePipelineUpdate(update, options, now);
  if (update.size > 0 && update.keys[0]!.startsWith('$')) return compileModifiers(update, options, now);
  return compileReplacement(update, options);
}

function compileModifiers(update: Doc, options: UpdateOptions, now: Date): Update {
  const modifications = parseModifications(update);
  const filterOptions = { collation: options.collation, now, let: options.let };
  const tests = compileArrayFilters(options.arrayFilters ?? [], modifications, update, filterOptions);
  const needsPosition = modifications.some(({ parts }) => parts.includes('$'));
  const run = (doc: Doc, insert: boolean, position?: number, touched?: string[]): Doc =>
    applyAll(doc, modifications, tests, {
      insert,
      position,
      now,
      collation: options.collation,
      idText: formatElement('_id', doc.get('_id')),
      owned: new Set(),
      touched,
      changed: false,
    });
  return {
    kind: 'modifiers',
    needsPosition,
    apply: (doc, { position, insert = false, touched } = {}) => run(doc, insert, position, touched),
    upsert: (filter, newId) => withId(run(upsertSeed(filter), true), newId),
  };
}

function applyAll(doc: Doc, modifications: readonly Modification[], tests: ElementTests, context: UpdateContext): Doc {
  const id = doc.get('_id');
  let result = doc;
  for (const modification of modifications) {
    result = applyModification(result, modification, tests, context);
    const touchesId = modification.parts[0] === '_id' || modification.source?.[0] === '_id';
    if (touchesId && id !== undefined && !identicalValues(result.get('_id'), id)) {
      const path = modification.source?.[0] === '_id' ? modification.source.join('.') : modification.path;
      throw new MongoError(66, `Performing an update on the path '${path}' would modify the immutable field '_id'`);
    }
  }
  return context.changed ? result : doc;
}

/** Puts `_id` first, making one when there is none. */
function withId(doc: Doc, newId: () => Value): Doc {
  if (doc.keys[0] === '_id') return doc;
  const result = new Doc(['_id'], [doc.get('_id') ?? newId()]);
  for (let i = 0; i < doc.keys.length; i++) {
    if (doc.keys[i] !== '_id') result.append(doc.keys[i]!, doc.values[i]!);
  }
  return result;
}

function compileReplacement(update: Doc, options: UpdateOptions): Update {
  if (options.multi) throw new MongoError(9, 'multi update is not supported for replacement-style update');
  if (options.arrayFilters && options.arrayFilters.length > 0) {
    throw new MongoError(9, 'arrayFilters may not be specified for replacement-style updates');
  }
  const run = (doc: Doc): Doc => {
    for (const key of update.keys) {
      if (key.startsWith('$')) {
        throw new MongoError(
          52,
          `The dollar ($) prefixed field '${key}' in '${key}' is not allowed in the context of an update's replacement ` +
            'document. Consider using an aggregation pipeline with $replaceWith.',
        );
      }
    }
    return keepId(doc, update);
  };
  return {
    kind: 'replacement',
    needsPosition: false,
    apply: run,
    upsert: (filter, newId) => {
      const id = upsertSeed(filter).get('_id');
      return withId(run(id === undefined ? new Doc() : Doc.of(['_id', id])), newId);
    },
  };
}

// The result of a replacement or a pipeline: the old `_id` stays, in front.
function keepId(before: Doc, after: Doc): Doc {
  const id = before.get('_id');
  const given = after.get('_id');
  if (id !== undefined && given !== undefined && !identicalValues(given, id)) {
    throw new MongoError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to ${formatElement('_id', given)}`,
    );
  }
  const result = id === undefined || after.keys[0] === '_id' ? after : withId(after, () => id);
  return identicalValues(result, before) ? before : result;
}

const UPDATE_STAGES = new Set(['$set', '$addFields', '$unset', '$project', '$replaceRoot', '$replaceWith']);

function compilePipelineUpdate(stages: readonly Value[], options: UpdateOptions, now: Date): Update {
  if (options.arrayFilters && options.arrayFilters.length > 0) {
    throw new MongoError(9, 'arrayFilters may not be specified for pipeline-syle updates');
  }
  for (const stage of stages) {
    const name = stage instanceof Doc ? stage.keys[0] : undefined;
    if (name !== undefined && !UPDATE_STAGES.has(name) && isStage(name)) {
      throw new MongoError(72, `${name} is not allowed to be used within an update`);
    }
  }
  const scope = createScope({ now, collation: options.collation, let: options.let });
  const pipeline = compileStages(stages, scope, { now, collation: options.collation, collection: () => [] });
  const run = (doc: Doc): Doc => {
    let result = doc;
    for (const changed of pipeline([doc])) result = changed;
    return result;
  };
  return {
    kind: 'pipeline',
    needsPosition: false,
    apply: (doc) => keepId(doc, run(doc)),
    upsert: (filter, newId) => {
      const seed = upsertSeed(filter);
      return withId(keepId(seed, run(seed)), newId);
    },
  };
}
