import { randomUUID } from 'node:crypto';
import { Binary, Doc, Long, type Value } from '../bson/index.ts';
import { equalValues, MongoError, compileFilter, parseCollation } from '../engine/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import type { Writer } from '../storage/writer.ts';
import type { CollectionState } from '../storage/state.ts';
import { checkCollection, checkDatabase, checkWritable, namespaceOf } from './namespace.ts';
import { checkInnerFields, isTruthy, optionalBoolean, optionalDoc, optionalString, requiredString } from './args.ts';
import { cursorReplyOf } from './cursor-reply.ts';
import { idIndexSpec } from './index-definition.ts';
import { refuseOptions } from './query-args.ts';
import { encodeDoc } from '../bson/index.ts';

/** Creates a collection with its index on _id. */
export function createCollection(context: CommandContext, ns: string, options: Doc): CollectionState {
  const { writer, server, db } = context;
  const name = ns.slice(db.length + 1);
  checkWritable(name);
  const cid = server.core.allocateCid();
  const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  writer.change({ kind: 'create', cid, db, name, uuid, options }, [ns]);
  writer.change({ kind: 'createIndex', ns, cid, spec: idIndexSpec(options.get('collation')) }, [ns]);
  return required(writer, ns);
}

/** The collection, created if it is not there yet: the first insert or upsert makes it. */
export function ensureCollection(context: CommandContext, ns: string): CollectionState {
  return context.writer.collection(ns) ?? createCollection(context, ns, new Doc());
}

function required(writer: Writer, ns: string): CollectionState {
  const state = writer.collection(ns);
  if (state === undefined) throw new MongoError(26, `ns not found: ${ns}`);
  return state;
}

const OPTIONS = ['validator', 'validationLevel', 'validationAction', 'collation', 'changeStreamPreAndPostImages'];

/** What MongoDB knows besides, and is refused. */
const UNSUPPORTED = [
  ...['capped', 'size', 'max', 'viewOn', 'pipeline', 'timeseries', 'expireAfterSeconds', 'clusteredIndex'],
  ...['encryptedFields', 'autoIndexId', 'idIndex', 'storageEngine', 'indexOptionDefaults', 'temp', 'flags'],
];

const create: Command = {
  name: 'create',
  writes: true,
  fields: new Set([...OPTIONS, ...UNSUPPORTED]),
  transactional: true,
  run(context) {
    const ns = namespaceOf('create', context.db, context.args);
    return context.withLocks(() => {
      const existing = context.writer.collection(ns);
      // One that is there is told of first, as nothing would be made of the options.
      const other = UNSUPPORTED.some((key) => isTruthy(context.args.get(key)));
      if (existing !== undefined && other) throw alreadyThere(ns);
      refuseOptions('create', context.args, UNSUPPORTED);
      const options = collectionOptions(context.args);
      if (existing === undefined) {
        createCollection(context, ns, options);
        return new Doc();
      }
      // Asking again for the same collection is fine outside transactions.
      const plain = !OPTIONS.some((key) => isTruthy(context.args.get(key)));
      const same = plain ? existing.options.size === 0 : equalValues(existing.options, options);
      if (context.writer.transaction === null && same) return new Doc();
      throw alreadyThere(ns);
    });
  },
};

const alreadyThere = (ns: string): MongoError => new MongoError(48, `Collection ${ns} already exists.`);

function collectionOptions(args: Doc): Doc {
  checkCollectionOptions(args, 'create');
  parseCollation(optionalDoc(args, 'collation', 'create.collation'));
  const options = new Doc();
  for (const key of OPTIONS) {
    const value = args.get(key);
    if (value !== undefined) options.append(key, value);
  }
  return options;
}

const LEVELS = new Set(['off', 'strict', 'moderate']);
const ACTIONS = new Set(['error', 'warn']);

/** Checks the options of a collection that create and collMod share. @throws MongoError 2, 14, and those of filters */
export function checkCollectionOptions(args: Doc, command: string): void {
  const validator = optionalDoc(args, 'validator', `${command}.validator`);
  if (validator !== undefined) compileFilter(validator);
  checkChoice(args, 'validationLevel', command, LEVELS);
  checkChoice(args, 'validationAction', command, ACTIONS);
  checkImages(args, command);
}

function checkChoice(args: Doc, name: string, command: string, choices: ReadonlySet<string>): void {
  const chosen = optionalString(args, name, `${command}.${name}`);
  if (chosen === undefined || choices.has(chosen)) return;
  throw new MongoError(2, `Enumeration value '${chosen}' for field '${command}.${name}' is not a valid value.`);
}

/** The option that keeps documents before and after changes for change streams. */
function checkImages(args: Doc, command: string): void {
  const path = `${command}.changeStreamPreAndPostImages`;
  const images = optionalDoc(args, 'changeStreamPreAndPostImages', path);
  if (images === undefined) return;
  checkInnerFields(path, images, new Set(['enabled']));
  if (optionalBoolean(images, 'enabled', `${path}.enabled`) === undefined) {
    throw new MongoError(40414, `BSON field '${path}.enabled' is missing but a required field`);
  }
}

const drop: Command = {
  name: 'drop',
  writes: true,
  fields: new Set(),
  run(context) {
    const ns = namespaceOf('drop', context.db, context.args);
    return context.withLocks(() => {
      const state = context.writer.collection(ns);
      if (state === undefined) return new Doc();
      context.writer.change({ kind: 'drop', ns, cid: state.cid }, [ns]);
      context.server.cursors.closeNamespace(ns);
      return Doc.of(['nIndexesWas', state.indexes.length], ['ns', ns]);
    });
  },
};

const dropDatabase: Command = {
  name: 'dropDatabase',
  writes: true,
  fields: new Set(),
  run(context) {
    const { db, writer, server } = context;
    checkDatabase(db);
    return context.withLocks(() => {
      const states = collectionsOf(writer, db);
      for (const state of states) writer.change({ kind: 'drop', ns: state.ns, cid: state.cid }, [state.ns]);
      if (states.length > 0) writer.change({ kind: 'dropDatabase', cid: 0, db }, []);
      server.cursors.closeDatabase(db);
      return states.length === 0 ? new Doc() : Doc.of(['dropped', db]);
    });
  },
};

const renameCollection: Command = {
  name: 'renameCollection',
  writes: true,
  fields: new Set(['to', 'dropTarget']),
  adminOnly: true,
  run(context) {
    const { args, writer } = context;
    const from = requiredString(args, 'renameCollection', 'renameCollection.renameCollection');
    const to = requiredString(args, 'to', 'renameCollection.to');
    const dot = to.indexOf('.');
    const db = to.slice(0, dot);
    const name = to.slice(dot + 1);
    checkDatabase(db);
    checkCollection(db, name, 'renameCollection');
    return context.withLocks(() => {
      const state = writer.collection(from);
      if (state === undefined) throw new MongoError(26, `Source collection ${from} does not exist`);
      if (from === to) throw new MongoError(20, "Can't rename a collection to itself");
      const target = writer.collection(to);
      if (target !== undefined) {
        if (optionalBoolean(args, 'dropTarget', 'renameCollection.dropTarget') !== true) {
          throw new MongoError(48, 'target namespace exists');
        }
        writer.change({ kind: 'drop', ns: to, cid: target.cid, quiet: true }, [from, to]);
      }
      const dropped = target?.uuid ?? null;
      writer.change({ kind: 'rename', ns: from, cid: state.cid, db, name, dropped }, [from, to]);
      context.server.cursors.closeNamespace(from);
      return new Doc();
    });
  },
};

/** The collections of a database, by name. */
export function collectionsOf(writer: Pick<Writer, 'store'>, db: string): CollectionState[] {
  const found: CollectionState[] = [];
  for (const state of writer.store.catalog.values(`${db}.`)) {
    if (!state.ns.startsWith(`${db}.`)) break;
    found.push(state);
  }
  return found;
}

const listCollections: Command = {
  name: 'listCollections',
  fields: new Set(['filter', 'nameOnly', 'authorizedCollections', 'cursor']),
  run(context) {
    const { args, db, writer } = context;
    const nameOnly = optionalBoolean(args, 'nameOnly', 'listCollections.nameOnly') === true;
    const filter = optionalDoc(args, 'filter', 'listCollections.filter');
    const matches = filter === undefined ? null : compileFilter(filter);
    const rows: Uint8Array[] = [];
    for (const state of collectionsOf(writer, db)) {
      const row = describe(state);
      if (matches !== null && !matches.matches(row)) continue;
      rows.push(encodeDoc(nameOnly ? Doc.of(['name', state.name], ['type', 'collection']) : row));
    }
    return cursorReplyOf(
      context,
      `${db}.$cmd.listCollections`,
      rows.values(),
      optionalDoc(args, 'cursor', 'listCollections.cursor'),
    );
  },
};

function describe(state: CollectionState): Doc {
  const idIndex: Value = state.indexes[0]?.spec.definition ?? new Doc();
  return Doc.of(
    ['name', state.name],
    ['type', 'collection'],
    ['options', state.options],
    ['info', Doc.of(['readOnly', false], ['uuid', new Binary(state.uuid, 4)])],
    ['idIndex', idIndex],
  );
}

const listDatabases: Command = {
  name: 'listDatabases',
  fields: new Set(['filter', 'nameOnly', 'authorizedDatabases']),
  adminOnly: true,
  run({ writer, args }) {
    const nameOnly = optionalBoolean(args, 'nameOnly', 'listDatabases.nameOnly') === true;
    const filter = optionalDoc(args, 'filter', 'listDatabases.filter');
    const matches = filter === undefined ? null : compileFilter(filter);
    const sizes = new Map<string, number>();
    for (const state of writer.store.catalog.values()) {
      sizes.set(state.db, (sizes.get(state.db) ?? 0) + state.dataBytes);
    }
    let total = 0;
    const databases: Doc[] = [];
    for (const [name, bytes] of sizes) {
      const row = Doc.of(['name', name], ['sizeOnDisk', Long.fromNumber(bytes)], ['empty', false]);
      if (matches !== null && !matches.matches(row)) continue;
      total += bytes;
      databases.push(nameOnly ? Doc.of(['name', name]) : row);
    }
    if (nameOnly) return Doc.of(['databases', databases]);
    return Doc.of(
      ['databases', databases],
      ['totalSize', Long.fromNumber(total)],
      ['totalSizeMb', Long.fromNumber(Math.floor(total / 1048576))],
    );
  },
};

export const collectionCommands: readonly Command[] = [
  create,
  drop,
  dropDatabase,
  renameCollection,
  listCollections,
  listDatabases,
];
