import { randomUUID } from 'node:crypto';
import { Doc, encodeDoc, isNumber, type Value } from '../bson/index.ts';
import { equalValues, formatValue, MongoError, numberOf } from '../engine/index.ts';
import type { Command } from '../server/context.ts';
import type { IndexSpec } from '../storage/index-spec.ts';
import { findDuplicate } from '../storage/unique-check.ts';
import { findIndex, type CollectionState } from '../storage/state.ts';
import { optionalDoc, optionalDocs } from './args.ts';
import { collModCommand } from './coll-mod.ts';
import { createCollection } from './collections.ts';
import { cursorReplyOf } from './cursor-reply.ts';
import { readIndexSpec, sameDefinition } from './index-definition.ts';
import { checkWritable, namespaceOf } from './namespace.ts';
import { refuseOptions } from './query-args.ts';

const MAX_INDEXES = 64;

const createIndexes: Command = {
  name: 'createIndexes',
  writes: true,
  fields: new Set(['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions']),
  transactional: true,
  run(context) {
    const ns = namespaceOf('createIndexes', context.db, context.args);
    checkWritable(ns.slice(context.db.length + 1));
    const wanted = optionalDocs(context.args, 'indexes', 'createIndexes.indexes') ?? [];
    refuseOptions('createIndexes', context.args, ['ignoreUnknownIndexOptions']);
    checkQuorum(context.args.get('commitQuorum') ?? 'votingMembers');
    if (wanted.length === 0) throw new MongoError(2, 'Must specify at least one index to create');
    return context.withLocks(() => {
      const existing = context.writer.collection(ns);
      if (
        existing !== undefined &&
        context.writer.transaction !== null &&
        !context.writer.transaction.madeHere.has(existing.cid)
      ) {
        throw new MongoError(
          263,
          `Cannot create new indexes on existing collection ${ns} in a multi-document transaction.`,
        );
      }
      const collation = existing?.options.get('collation');
      const specs = wanted.map((spec) => readIndexSpec(spec, collation));
      const before = existing?.indexes.length ?? 1;
      // Checked as a whole first: either all of the indexes are made or none.
      const missing = existing === undefined ? specs.filter((spec) => !isIdIndex(spec)) : plan(existing, specs);
      if (before + missing.length > MAX_INDEXES)
        throw new MongoError(67, `add index fails, too many indexes for ${ns}`);
      if (existing !== undefined) for (const spec of missing) refuseDuplicates(existing, spec);
      let state = existing ?? createCollection(context, ns, new Doc());
      for (const spec of missing) {
        context.writer.change({ kind: 'createIndex', ns, cid: state.cid, spec }, [ns]);
        state = context.writer.collection(ns) ?? state;
      }
      const reply = Doc.of(['numIndexesBefore', before], ['numIndexesAfter', state.indexes.length]);
      if (missing.length === 0) reply.append('note', 'all indexes already exist');
      else reply.append('createdCollectionAutomatically', existing === undefined);
      return reply;
    });
  },
};

/** How many members have to be ready before an index is used: all that there are is one. */
function checkQuorum(quorum: Value): void {
  if (quorum === 'votingMembers' || quorum === 'majority') return;
  if (isNumber(quorum) && (numberOf(quorum) === 0 || numberOf(quorum) === 1)) return;
  throw new MongoError(2, `commitQuorum ${formatValue(quorum)} can't be satisfied by a set of one member`);
}

const isIdIndex = (spec: IndexSpec): boolean =>
  spec.fields.length === 1 && spec.fields[0]?.path === '_id' && !spec.fields[0].descending;

/** The indexes that have to be made; those that exist already are left out. */
function plan(state: CollectionState, specs: readonly IndexSpec[]): IndexSpec[] {
  const missing: IndexSpec[] = [];
  for (const spec of specs) {
    if (isIdIndex(spec)) continue;
    if (missing.some((other) => isSame(other, spec))) {
      throw new MongoError(96, `Identical index ${spec.name} is asked for twice`);
    }
    const all = [...state.indexes.map((index) => index.spec), ...missing];
    if (all.some((other) => isSame(other, spec))) continue;
    if (spec.text !== null && all.some(({ text }) => text !== null)) {
      throw new MongoError(67, 'only one text index per collection allowed');
    }
    missing.push(spec);
  }
  return missing;
}

/** Whether the index is there already; refuses one that is there with other options or under another name. */
function isSame(existing: IndexSpec, spec: IndexSpec): boolean {
  const sameName = existing.name === spec.name;
  const sameKey = equalKeys(existing, spec);
  if (sameName && sameKey && sameDefinition(existing, spec)) return true;
  if (sameName) {
    const code = sameKey && sameIdentity(existing, spec) ? 85 : 86;
    throw new MongoError(
      code,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${describe(spec)}, existing index: ${describe(existing)}`,
    );
  }
  if (!sameKey) return false;
  if (sameDefinition(existing, spec)) {
    throw new MongoError(85, `Index already exists with a different name: ${existing.name}`);
  }
  if (!sameIdentity(existing, spec)) return false;
  throw new MongoError(
    85,
    `An equivalent index already exists with a different name and options. Requested index: ${describe(spec)}, existing index: ${describe(existing)}`,
  );
}

/** Indexes on the same key are different ones when they hold or refuse different documents. */
function sameIdentity(a: IndexSpec, b: IndexSpec): boolean {
  const same = (option: string): boolean => equalValues(a.definition.get(option), b.definition.get(option));
  return a.unique === b.unique && a.sparse === b.sparse && same('partialFilterExpression') && same('collation');
}

const describe = (spec: IndexSpec): string =>
  JSON.stringify(spec.definition.keys.map((key, i) => [key, String(spec.definition.values[i])]));

function equalKeys(a: IndexSpec, b: IndexSpec): boolean {
  if (a.text !== null || b.text !== null) return equalValues(a.definition.get('weights'), b.definition.get('weights'));
  return equalValues(a.definition.get('key'), b.definition.get('key'));
}

function refuseDuplicates(state: CollectionState, spec: IndexSpec): void {
  if (!spec.unique) return;
  const error = findDuplicate(state, spec);
  if (error === null) return;
  const uuid = Buffer.from(state.uuid)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const place = `Index build failed: ${randomUUID()}: Collection ${state.ns} ( ${uuid} )`;
  throw new MongoError(error.code, `${place} :: caused by :: ${error.message}`, error.extra);
}

const listIndexes: Command = {
  name: 'listIndexes',
  fields: new Set(['cursor']),
  run(context) {
    const ns = namespaceOf('listIndexes', context.db, context.args);
    const state = context.writer.collection(ns);
    if (state === undefined) throw new MongoError(26, `ns does not exist: ${ns}`);
    const rows = state.indexes.map((index) => encodeDoc(index.spec.definition));
    return cursorReplyOf(context, ns, rows.values(), optionalDoc(context.args, 'cursor', 'listIndexes.cursor'));
  },
};

const dropIndexes: Command = {
  name: 'dropIndexes',
  writes: true,
  fields: new Set(['index']),
  run(context) {
    const ns = namespaceOf('dropIndexes', context.db, context.args);
    return context.withLocks(() => {
      const state = context.writer.collection(ns);
      if (state === undefined) throw new MongoError(26, `ns not found ${ns}`);
      const was = state.indexes.length;
      for (const name of indexesToDrop(state, context.args.get('index'))) {
        const definition = findIndex(state, name)?.spec.definition ?? null;
        context.writer.change({ kind: 'dropIndex', ns, cid: state.cid, name, definition }, [ns]);
      }
      const reply = Doc.of(['nIndexesWas', was]);
      if (context.args.get('index') === '*') reply.append('msg', 'non-_id indexes dropped for collection');
      return reply;
    });
  },
};

function indexesToDrop(state: CollectionState, wanted: Value | undefined): string[] {
  if (wanted === '*') return state.indexes.map((index) => index.spec.name).filter((name) => name !== '_id_');
  if (Array.isArray(wanted)) return wanted.flatMap((name) => indexesToDrop(state, name));
  if (typeof wanted !== 'string' && !(wanted instanceof Doc)) {
    throw new MongoError(14, "BSON field 'dropIndexes.index' has to be a name, names or a key");
  }
  const index =
    typeof wanted === 'string'
      ? findIndex(state, wanted)
      : state.indexes.find((candidate) => equalValues(candidate.spec.definition.get('key'), wanted));
  if (index === undefined) {
    if (typeof wanted === 'string') throw new MongoError(27, `index not found with name [${wanted}]`);
    throw new MongoError(27, "can't find index with that key");
  }
  if (index.spec.name === '_id_') throw new MongoError(72, 'cannot drop _id index');
  return [index.spec.name];
}

export const indexCommands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['createIndexes', createIndexes],
  ['listIndexes', listIndexes],
  ['dropIndexes', dropIndexes],
  ['deleteIndexes', dropIndexes],
  ['collMod', collModCommand],
]);
