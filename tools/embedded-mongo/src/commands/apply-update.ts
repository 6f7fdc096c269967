import { Doc, docSize, ObjectId, type Value } from '../bson/index.ts';
import { compileUpdate, MongoError, type Update } from '../engine/index.ts';
import type { PreparedQuery } from '../query/find-records.ts';
import type { CommandContext } from '../server/context.ts';
import { documentOf, type StoredRecord } from '../storage/record.ts';
import type { CollectionState } from '../storage/state.ts';
import { ensureCollection } from './collections.ts';
import { collationOf, evaluated, variablesOf } from './query-args.ts';
import { checkSize, toStored, validate } from './stored-document.ts';

/** Compiles the update of a statement, with the options that stand beside it. */
export function updateOf(
  context: CommandContext,
  state: CollectionState | undefined,
  spec: {
    update: Value | undefined;
    arrayFilters: readonly Value[] | undefined;
    collation: Value | undefined;
    constants?: Doc | undefined;
    multi: boolean;
  },
): Update {
  const { update } = spec;
  if (!(update instanceof Doc) && !Array.isArray(update)) {
    throw new MongoError(9, 'Update argument must be either an object or an array');
  }
  if (spec.constants !== undefined && !Array.isArray(update)) {
    throw new MongoError(51198, 'Constant values may only be specified for pipeline updates');
  }
  const variables = variablesOf(context);
  return compileUpdate(update, {
    arrayFilters: spec.arrayFilters,
    collation: collationOf(state, spec.collation),
    now: new Date(context.server.now()),
    let: joined(variables, spec.constants === undefined ? undefined : evaluated(context, spec.constants)),
    multi: spec.multi,
  });
}

function joined(a: Doc | undefined, b: Doc | undefined): Doc | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const doc = a.clone();
  b.keys.forEach((key, i) => doc.set(key, b.values[i] as Value));
  return doc;
}

/** Updates one record; answers the new document, which is the old one when nothing changed. */
export function applyToRecord(
  context: CommandContext,
  state: CollectionState,
  query: PreparedQuery,
  update: Update,
  record: StoredRecord,
): Doc {
  const before = documentOf(record);
  const position = update.needsPosition ? query.filter.matchPosition(before)?.index : undefined;
  const touched: string[] = [];
  const after = update.apply(before, {
    position: position !== undefined && position >= 0 ? position : undefined,
    touched,
  });
  if (after === before) return before;
  checkSize(docSize(after), 'Resulting document after update');
  validate(context, state, after, before);
  context.writer.replace(state, record, after, update.kind === 'modifiers' ? touched : update.kind);
  return after;
}

/** Inserts what an upsert makes of its filter and update; answers the document. */
export function insertUpserted(context: CommandContext, ns: string, filter: Doc, update: Update): Doc {
  const doc = toStored(
    context,
    update.upsert(filter, () => new ObjectId()),
  );
  checkSize(docSize(doc), 'object to insert');
  const state = ensureCollection(context, ns);
  validate(context, state, doc);
  context.writer.insert(state, doc);
  return doc;
}
