import type { Doc } from '../bson/index.ts';
import { createNumberTree, createTextTree, type Tree } from './btree.ts';
import type { IndexSpec } from './index-spec.ts';
import type { StoredRecord } from './record.ts';

/**
 * One index of one version of a collection. In a unique index the tree's key is the encoded index key; in others the
 * record id follows it, so that equal keys stand in natural order.
 */
export interface IndexState {
  readonly spec: IndexSpec;
  readonly tree: Tree<string, number>;
  /** Per key field: some document has an array on its path. Never goes back to false. */
  multikey: readonly boolean[];
}

/** A version of a collection, changed in place only by the store that owns it (`owner`). */
export interface CollectionState {
  readonly cid: number;
  readonly ns: string;
  readonly db: string;
  readonly name: string;
  readonly uuid: Uint8Array;
  /** Options as listCollections answers them. */
  readonly options: Doc;
  readonly owner: object;
  readonly records: Tree<number, StoredRecord>;
  readonly indexes: readonly IndexState[];
  /** Sum of the sizes of all documents, in bytes. */
  dataBytes: number;
}

/** A catalog with the right to change it: the live data, or the private workspace of a transaction. */
export interface Store {
  readonly catalog: Tree<string, CollectionState>;
  /** Collections whose owner is this token belong to the store alone; others are copied before a write. */
  owner: object;
}

/** A catalog that nobody changes any more. */
export type Snapshot = Tree<string, CollectionState>;

export function createStore(catalog: Tree<string, CollectionState> = createTextTree<CollectionState>()): Store {
  return { catalog, owner: {} };
}

/** The store's present content, frozen: from now on the store copies what it changes. Costs O(1). */
export function takeSnapshot(store: Store): Snapshot {
  store.owner = {};
  return store.catalog.clone();
}

/** Makes running iterators over the store's trees safe from later writes. */
export function freeze(store: Store): void {
  store.owner = {};
}

/** The collection in a form that the store may change in place. */
export function writable(store: Store, state: CollectionState): CollectionState {
  if (state.owner === store.owner) return state;
  const copy: CollectionState = {
    ...state,
    owner: store.owner,
    records: state.records.clone(),
    indexes: state.indexes.map((index) => ({ ...index, tree: index.tree.clone() })),
  };
  store.catalog.set(state.ns, copy);
  return copy;
}

export function createCollectionState(identity: {
  cid: number;
  db: string;
  name: string;
  uuid: Uint8Array;
  options: Doc;
  owner: object;
}): CollectionState {
  return { ...identity, ns: `${identity.db}.${identity.name}`, records: createNumberTree(), indexes: [], dataBytes: 0 };
}

export function findIndex(state: CollectionState, name: string): IndexState | undefined {
  return state.indexes.find((index) => index.spec.name === name);
}
