import { Doc, type Value } from '../bson/index.ts';
import { encodeKey, formatTight, MongoError } from '../engine/index.ts';
import { peekDocument } from '../storage/record.ts';
import { findIndex, type CollectionState, type Store } from '../storage/state.ts';
import { keepsImages, type Change } from './change.ts';
import type { WatchSpec } from './spec.ts';

const HAS_BEFORE = new Set(['update', 'replace', 'delete']);

/**
 * Adds the documents before and after a change to its event, as the stream asks for them: documents of the time of the
 * change where the collection keeps them (`changeStreamPreAndPostImages`), or the latest version of an updated document.
 * @returns the error of a required document that is not there; it counts only when the event passes the pipeline.
 */
export function addImages(event: Doc, change: Change, spec: WatchSpec, store: Store): MongoError | null {
  const { op } = change;
  const type = event.get('operationType');
  if (typeof type !== 'string' || (op.kind !== 'put' && op.kind !== 'delete')) return null;
  const kept = keepsImages(change.collection);
  let failure: MongoError | null = null;
  if (spec.fullDocumentBeforeChange !== 'off' && HAS_BEFORE.has(type)) {
    const before = kept && change.before !== null ? peekDocument(change.before) : null;
    if (before === null && spec.fullDocumentBeforeChange === 'required') failure = missing('pre', event);
    event.append('fullDocumentBeforeChange', before);
  }
  if (spec.fullDocument === 'default' || type !== 'update') return failure;
  let after: Doc | null = null;
  if (spec.fullDocument === 'updateLookup') after = latestVersion(store, op.ns, op.cid, event);
  else if (kept && op.kind === 'put') after = peekDocument(op.record);
  if (after === null && spec.fullDocument === 'required') failure ??= missing('post', event);
  event.append('fullDocument', after);
  return failure;
}

function missing(which: 'pre' | 'post', event: Doc): MongoError {
  const what = which === 'pre' ? 'all update, delete and replace events' : 'all update events';
  const shown = new Doc();
  for (const name of ['operationType', 'ns', 'clusterTime', 'txnNumber']) {
    const value = event.get(name);
    if (value !== undefined) shown.append(name, value);
  }
  return new MongoError(
    47,
    `Change stream was configured to require a ${which}-image for ${what}, but the ${which}-image was not found for event: ${formatTight(shown)}`,
  );
}

/** The document as it is now; null when it, or its collection, is gone. */
function latestVersion(store: Store, ns: string, cid: number, event: Doc): Doc | null {
  const state = collectionOf(store, ns, cid);
  const index = state === undefined ? undefined : findIndex(state, '_id_');
  const key = event.get('documentKey');
  if (state === undefined || index === undefined || !(key instanceof Doc)) return null;
  const id: Value = key.get('_id') ?? null;
  const rid = index.tree.get(encodeKey(id, index.spec.collation));
  const record = rid === undefined ? undefined : state.records.get(rid);
  return record === undefined ? null : peekDocument(record);
}

/** The collection under its number: it may have another name by now. */
function collectionOf(store: Store, ns: string, cid: number): CollectionState | undefined {
  const state = store.catalog.get(ns);
  if (state?.cid === cid) return state;
  for (const other of store.catalog.values()) if (other.cid === cid) return other;
  return undefined;
}
