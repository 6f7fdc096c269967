import { createHash } from 'node:crypto';
import { Binary, Doc, Long, type Value } from '../bson/index.ts';
import { timestampOf } from '../sessions/clock.ts';
import type { CatalogOp, DocumentOp } from '../storage/ops.ts';
import { peekDocument } from '../storage/record.ts';
import type { Change, Stamp } from './change.ts';
import { describeCatalogChange } from './catalog-event.ts';
import { namespaceDoc, type Description } from './description.ts';
import { describeUpdate } from './update-description.ts';

/** Who may be told: sessions without authentication belong to the user with the empty name. */
const NO_USER = new Binary(createHash('sha256').update('').digest(), 0);

/** Describes a change; null when clients are not told of it, or only those who ask for all events. */
export function describeChange(change: Change, expanded: boolean): Description | null {
  const { op } = change;
  if (op.kind === 'put' || op.kind === 'delete') return describeDocumentChange(change, op, expanded);
  return describeCatalogChange(change, op as CatalogOp, expanded);
}

function describeDocumentChange(change: Change, op: DocumentOp, expanded: boolean): Description | null {
  const after = op.kind === 'put' ? peekDocument(op.record) : null;
  const before = change.before === null ? null : peekDocument(change.before);
  const id = (after ?? before)?.get('_id') ?? null;
  const details = Doc.of(['ns', namespaceDoc(op.ns)], ['documentKey', Doc.of(['_id', id])]);
  if (op.kind === 'delete' || after === null) return { operationType: 'delete', document: null, details };
  if (before === null) return { operationType: 'insert', document: after, details };
  const update = describeUpdate(before, after, op.form ?? 'replacement', expanded);
  if (update === null) return { operationType: 'replace', document: after, details };
  return { operationType: 'update', document: null, details: details.append('updateDescription', update) };
}

/** The event of a description, up to the documents that were looked up. */
export function createEvent(token: Doc, change: Change, description: Description, expanded: boolean): Doc {
  const { operationType, document, details } = description;
  const event = eventHead(token, operationType, change.stamp);
  if (expanded && change.collection !== null) event.append('collectionUUID', new Binary(change.collection.uuid, 4));
  event.append('wallTime', new Date(change.stamp.wallMs));
  if (document !== null) event.append('fullDocument', document);
  details.keys.forEach((key, i) => event.append(key, details.values[i] as Value));
  return event;
}

/** The event that ends a stream. */
export function createInvalidation(token: Doc, { stamp }: Change): Doc {
  return eventHead(token, 'invalidate', stamp).append('wallTime', new Date(stamp.wallMs));
}

function eventHead(token: Doc, operationType: string, stamp: Stamp): Doc {
  const event = Doc.of(['_id', token], ['operationType', operationType], ['clusterTime', timestampOf(stamp)]);
  const { transaction } = stamp;
  if (transaction !== null && operationType !== 'invalidate') {
    const id = new Binary(Buffer.from(transaction.session, 'hex'), 4);
    event.append('txnNumber', Long.fromNumber(transaction.txnNumber));
    event.append('lsid', Doc.of(['id', id], ['uid', NO_USER]));
  }
  return event;
}
