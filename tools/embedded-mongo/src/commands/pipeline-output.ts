import { randomUUID } from 'node:crypto';
import { Doc, docSize, encodeDoc, type Value } from '../bson/index.ts';
import { compileUpdate, encodeKey, MongoError, type MergeTarget, type OutTarget } from '../engine/index.ts';
import { prepareQuery } from '../query/find-records.ts';
import type { CommandContext } from '../server/context.ts';
import { documentOf, type StoredRecord } from '../storage/record.ts';
import type { CollectionState } from '../storage/state.ts';
import { ensureCollection } from './collections.ts';
import { checkCollection, checkDatabase, checkWritable } from './namespace.ts';
import { checkDeadline } from './query-args.ts';
import { checkSize, toStored, validate } from './stored-document.ts';

function targetNamespace(context: CommandContext, target: OutTarget): { db: string; ns: string } {
  const db = target.db ?? context.db;
  checkDatabase(db);
  checkCollection(db, target.collection, 'aggregate');
  checkWritable(target.collection);
  return { db, ns: `${db}.${target.collection}` };
}

/** `$out`: the documents take the place of the collection's, all at once; its indexes and options stay. */
export function replaceCollection(
  context: CommandContext,
  target: OutTarget,
  docs: readonly Doc[],
): void | Promise<void> {
  const { db, ns } = targetNamespace(context, target);
  const stored = docs.map((doc) => toStored(context, doc));
  const { writer, server } = context;
  return context.withLocks(() => {
    writer.claim([ns]);
    // Built aside first: a duplicate key leaves the collection as it was.
    const name = `tmp.agg_out.${randomUUID()}`;
    const aside = `${db}.${name}`;
    const cid = server.core.allocateCid();
    const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
    const existed = writer.collection(ns) !== undefined;
    ensureCollection({ ...context, db }, ns);
    const model = writer.collection(ns) as CollectionState;
    writer.change({ kind: 'create', cid, db, name, uuid, options: model.options }, [aside]);
    for (const { spec } of model.indexes) writer.change({ kind: 'createIndex', ns: aside, cid, spec }, [aside]);
    try {
      for (const doc of stored) {
        checkDeadline(context);
        const raw = encodeDoc(doc);
        checkSize(raw.length, 'object to insert');
        writer.insert(writer.collection(aside) as CollectionState, doc, raw);
      }
    } catch (error) {
      writer.change({ kind: 'drop', ns: aside, cid }, [aside]);
      // It was made only to be replaced: nobody is told of it.
      if (!existed) writer.change({ kind: 'drop', ns, cid: model.cid, quiet: true }, [ns]);
      throw error;
    }
    writer.change({ kind: 'drop', ns, cid: model.cid, quiet: true }, [ns]);
    const dropped = model.uuid;
    writer.change({ kind: 'rename', ns: aside, cid, db, name: target.collection, dropped }, [aside, ns]);
    server.cursors.closeNamespace(ns);
  });
}

/** `$merge`: each document is inserted or joined with the one that it meets. */
export async function mergeInto(context: CommandContext, target: MergeTarget, docs: readonly Doc[]): Promise<void> {
  const { db, ns } = targetNamespace(context, target);
  const scoped = { ...context, db };
  checkUnique(context.writer.collection(ns), target);
  for (const doc of docs) {
    checkDeadline(context);
    const pending = context.withLocks(() => {
      const state = ensureCollection(scoped, ns);
      const stored = doc.has('_id') || target.on.includes('_id') ? toStored(context, doc) : doc;
      const record = matchOf(context, state, target, stored);
      if (record === null) insertNew(context, state, target, stored);
      else joinWith(context, state, target, record, stored);
    });
    if (pending instanceof Promise) await pending;
  }
}

function checkUnique(state: CollectionState | undefined, target: MergeTarget): void {
  if (target.on.length === 1 && target.on[0] === '_id') return;
  const wanted = [...target.on].sort().join('\0');
  const served = state?.indexes.some(
    ({ spec }) =>
      spec.unique &&
      spec.partialFilter === null &&
      spec.fields
        .map((field) => field.path)
        .sort()
        .join('\0') === wanted,
  );
  if (served !== true) throw new MongoError(51183, 'Cannot find index to verify that join fields will be unique');
}

function matchOf(context: CommandContext, state: CollectionState, target: MergeTarget, doc: Doc): StoredRecord | null {
  const filter = new Doc();
  for (const path of target.on) filter.append(path, Doc.of(['$eq', valueAt(doc, path)]));
  const query = prepareQuery(state, {
    filter,
    sort: null,
    hint: null,
    collation: undefined,
    limit: 1,
    let: undefined,
    now: new Date(context.server.now()),
    deadline: context.deadline,
  });
  const next = query.records().next();
  return next.done === true ? null : next.value;
}

function valueAt(doc: Doc, path: string): Value {
  let value: Value | undefined = doc;
  for (const part of path.split('.')) value = value instanceof Doc ? value.get(part) : undefined;
  if (value === undefined || value === null || Array.isArray(value)) {
    throw new MongoError(
      51132,
      `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
    );
  }
  return value;
}

function insertNew(context: CommandContext, state: CollectionState, { whenNotMatched }: MergeTarget, doc: Doc): void {
  if (whenNotMatched === 'discard') return;
  if (whenNotMatched === 'fail') {
    throw new MongoError(
      13113,
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    );
  }
  const stored = toStored(context, doc);
  checkSize(docSize(stored), 'object to insert');
  validate(context, state, stored);
  context.writer.insert(state, stored);
}

function joinWith(
  context: CommandContext,
  state: CollectionState,
  target: MergeTarget,
  record: StoredRecord,
  doc: Doc,
): void {
  const before = documentOf(record);
  const after = joined(context, target, before, doc);
  if (after === before) return;
  if (encodeKey(after.get('_id')) !== encodeKey(before.get('_id'))) {
    throw new MongoError(
      66,
      '$merge failed to update the matching document, did you attempt to modify the _id or the shard key?',
    );
  }
  checkSize(docSize(after), 'Resulting document after update');
  validate(context, state, after, before);
  context.writer.replace(state, record, after, target.whenMatched === 'replace' ? 'replacement' : 'pipeline');
}

function joined(context: CommandContext, { whenMatched, let: variables }: MergeTarget, before: Doc, doc: Doc): Doc {
  if (whenMatched === 'keepExisting') return before;
  if (whenMatched === 'fail') throw new MongoError(11000, '$merge met a document that is there already');
  if (whenMatched === 'replace')
    return doc.has('_id') ? doc : Doc.of(['_id', before.get('_id') ?? null], ...pairs(doc));
  if (whenMatched === 'merge') {
    const merged = before.clone();
    for (const [key, value] of pairs(doc)) merged.set(key, value);
    return merged;
  }
  const scope = (variables ?? new Doc()).clone().set('new', doc);
  return compileUpdate([...whenMatched], { let: scope, now: new Date(context.server.now()) }).apply(before);
}

const pairs = (doc: Doc): [string, Value][] => doc.keys.map((key, i) => [key, doc.values[i] as Value]);
