import type { Doc } from '../bson/index.ts';
import { keyChanges, type KeyChange } from './changes.ts';
import type { IndexSpec } from './index-spec.ts';
import { allIndexedFields, indexedFields } from './indexed-fields.ts';
import { ridOf } from './key-encoding.ts';
import { peekFields, type StoredRecord } from './record.ts';
import { createTextTree } from './btree.ts';
import { createCollectionState, writable, type CollectionState, type IndexState, type Store } from './state.ts';

/**
 * How an update came to its document: a replacement of the whole, a pipeline, or operators that changed these paths.
 * Change streams tell it.
 */
export type UpdateForm = 'replacement' | 'pipeline' | readonly string[];

/** A change of one document. `changes` carries the index keys once they are computed, `form` is null for inserts. */
export type DocumentOp =
  | {
      kind: 'put';
      ns: string;
      cid: number;
      record: StoredRecord;
      form: UpdateForm | null;
      changes: readonly KeyChange[] | null;
    }
  | { kind: 'delete'; ns: string; cid: number; rid: number; changes: readonly KeyChange[] | null };

/** A change of the catalog. */
export type CatalogOp =
  | { kind: 'create'; cid: number; db: string; name: string; uuid: Uint8Array; options: Doc }
  | { kind: 'drop'; ns: string; cid: number; /** It makes room for a rename, which tells of it. */ quiet?: boolean }
  | { kind: 'rename'; ns: string; cid: number; db: string; name: string; dropped?: Uint8Array | null }
  | { kind: 'options'; ns: string; cid: number; options: Doc }
  | { kind: 'createIndex'; ns: string; cid: number; spec: IndexSpec }
  | { kind: 'dropIndex'; ns: string; cid: number; name: string; definition?: Doc | null }
  | { kind: 'changeIndex'; ns: string; cid: number; spec: IndexSpec }
  /** Tells that all collections of a database are gone; it changes nothing by itself. */
  | { kind: 'dropDatabase'; cid: 0; db: string };

export type Op = DocumentOp | CatalogOp;

/**
 * Applies a change to a store, indexes included. Nothing is checked here: callers have made sure that the change is
 * allowed. The live data, transactions' workspaces and recovery all go through this one function.
 * @returns the document before the change, for changes of documents.
 */
export function applyOp(store: Store, op: Op): StoredRecord | null {
  switch (op.kind) {
    case 'put':
    case 'delete':
      return applyDocument(store, op);
    case 'create': {
      const state = createCollectionState({ ...op, owner: store.owner });
      store.catalog.set(state.ns, state);
      return null;
    }
    case 'drop':
      store.catalog.delete(op.ns);
      return null;
    case 'rename': {
      const state = required(store, op.ns);
      store.catalog.delete(op.ns);
      const renamed = { ...state, db: op.db, name: op.name, ns: `${op.db}.${op.name}`, owner: {} };
      store.catalog.set(renamed.ns, renamed);
      return null;
    }
    case 'options':
      replaceState(store, op.ns, (state) => ({ ...state, options: op.options }));
      return null;
    case 'createIndex':
      replaceState(store, op.ns, (state) => ({ ...state, indexes: [...state.indexes, buildIndex(state, op.spec)] }));
      return null;
    case 'dropIndex':
      replaceState(store, op.ns, (state) => ({
        ...state,
        indexes: state.indexes.filter((index) => index.spec.name !== op.name),
      }));
      return null;
    case 'changeIndex':
      replaceState(store, op.ns, (state) => ({
        ...state,
        indexes: state.indexes.map((index) => (index.spec.name === op.spec.name ? { ...index, spec: op.spec } : index)),
      }));
      return null;
    case 'dropDatabase':
      return null;
  }
}

function applyDocument(store: Store, op: DocumentOp): StoredRecord | null {
  const state = writable(store, required(store, op.ns));
  const rid = op.kind === 'put' ? op.record.rid : op.rid;
  const before = state.records.get(rid) ?? null;
  const after = op.kind === 'put' ? op.record : null;
  op.changes ??= keyChanges(state, rid, before, after === null ? null : peekFields(after, allIndexedFields(state)));
  for (let i = 0; i < op.changes.length; i++) {
    const change = op.changes[i] as KeyChange;
    const index = state.indexes[i] as IndexState;
    for (const key of change.remove) index.tree.delete(key);
    for (const key of change.add) index.tree.set(key, rid);
    if (change.multikey !== null) noteMultikey(index, change.multikey);
  }
  state.dataBytes += (after?.raw.length ?? 0) - (before?.raw.length ?? 0);
  if (after === null) state.records.delete(rid);
  else state.records.set(rid, after);
  return before;
}

function noteMultikey(index: IndexState, multikey: readonly boolean[]): void {
  if (multikey.every((flag, i) => !flag || index.multikey[i])) return;
  index.multikey = index.multikey.map((flag, i) => flag || multikey[i] === true);
}

function required(store: Store, ns: string): CollectionState {
  const state = store.catalog.get(ns);
  if (state === undefined) throw new Error(`collection ${ns} is not there`);
  return state;
}

function replaceState(store: Store, ns: string, change: (state: CollectionState) => CollectionState): void {
  store.catalog.set(ns, change(writable(store, required(store, ns))));
}

/** Builds an index over what the collection holds; uniqueness has been checked before. */
function buildIndex(state: CollectionState, spec: IndexSpec): IndexState {
  const index: IndexState = {
    spec,
    tree: createTextTree<number>(),
    multikey: spec.text === null ? spec.fields.map(() => false) : [true],
  };
  const { unique } = spec;
  const keys: string[] = [];
  const rids = new Map<string, number>();
  const single = { ...state, indexes: [index] };
  const fields = indexedFields(spec);
  for (const record of state.records.values()) {
    for (const change of keyChanges(single, record.rid, null, peekFields(record, fields))) {
      for (const key of change.add) {
        keys.push(key);
        if (unique) rids.set(key, record.rid);
      }
      if (change.multikey !== null) noteMultikey(index, change.multikey);
    }
  }
  // By code units, which is the order of the tree.
  keys.sort();
  for (const key of keys) index.tree.set(key, unique ? (rids.get(key) as number) : ridOf(key));
  return index;
}
