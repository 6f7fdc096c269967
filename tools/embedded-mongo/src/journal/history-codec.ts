import { Binary, Doc, encodeDoc } from '../bson/index.ts';
import type { Change, Stamp, TransactionId } from '../changes/change.ts';
import type { HistoryHead } from '../changes/history.ts';
import type { ClusterTime } from '../sessions/clock.ts';
import type { Op, UpdateForm } from '../storage/ops.ts';
import type { DocumentCache, StoredRecord } from '../storage/record.ts';
import { bytesField, catalogDoc, docField, numberField, readCatalogOp, textField } from './catalog-codec.ts';

/** The history of changes as documents: journals that held them are gone after a compaction. */
export type HistoryItem =
  { readonly kind: 'head'; readonly head: HistoryHead } | { readonly kind: 'change'; readonly change: Change };

export function encodeHead({ epoch, lost, last }: HistoryHead): Buffer {
  const doc = Doc.of(['head', new Binary(epochBytes(epoch), 0)]);
  if (lost !== null) doc.append('lost', timeDoc(lost));
  if (last !== null) doc.append('last', timeDoc(last));
  return encodeDoc(doc);
}

/** The version of a document that a snapshot holds itself: the history names it and doesn't repeat it. */
export type LiveRecord = (cid: number, rid: number) => StoredRecord | undefined;

export function encodeChange({ stamp, index, op, before, collection }: Change, live: LiveRecord): Buffer {
  const { transaction } = stamp;
  const doc = Doc.of(['at', timeDoc(stamp)], ['wall', new Date(stamp.wallMs)], ['index', index]);
  if (transaction !== null) {
    doc.append('txn', Doc.of(['session', transaction.session], ['number', String(transaction.txnNumber)]));
  }
  if (collection !== null) {
    doc.append('collection', Doc.of(['uuid', new Binary(collection.uuid, 4)], ['options', collection.options]));
  }
  if (before !== null) doc.append('before', recordDoc(before));
  return encodeDoc(doc.append('change', opDoc(op, live)));
}

export function readHistory(doc: Doc, cache: DocumentCache, live: LiveRecord): HistoryItem {
  const head = bytesField(doc, 'head');
  if (head !== null) {
    const epoch = Buffer.from(head).readUInt32BE(0);
    return { kind: 'head', head: { epoch, lost: optionalTime(doc, 'lost'), last: optionalTime(doc, 'last') } };
  }
  const wall = doc.get('wall');
  const stamp: Stamp = {
    ...readTime(docField(doc, 'at')),
    wallMs: wall instanceof Date ? wall.getTime() : 0,
    transaction: readTransaction(doc.get('txn')),
  };
  const known = doc.get('collection');
  const collection =
    known instanceof Doc
      ? { uuid: bytesField(known, 'uuid') ?? new Uint8Array(16), options: docField(known, 'options') }
      : null;
  const before = doc.get('before');
  return {
    kind: 'change',
    change: {
      stamp,
      index: numberField(doc, 'index'),
      op: readOp(docField(doc, 'change'), cache, live),
      before: before instanceof Doc ? readRecord(before, cache) : null,
      collection,
    },
  };
}

function opDoc(op: Op, live: LiveRecord): Doc {
  switch (op.kind) {
    case 'put': {
      const form = typeof op.form === 'object' && op.form !== null ? [...op.form] : op.form;
      const { record, cid } = op;
      const known = live(cid, record.rid) === record;
      const stored = known ? Doc.of(['rid', String(record.rid)]) : recordDoc(record);
      return Doc.of(['op', 'put'], ['ns', op.ns], ['cid', cid], ['record', stored], ['form', form]);
    }
    case 'delete':
      return Doc.of(['op', 'delete'], ['ns', op.ns], ['cid', op.cid], ['rid', String(op.rid)]);
    case 'create':
    case 'dropDatabase':
      return catalogDoc(op);
    default:
      return catalogDoc(op).append('ns', op.ns);
  }
}

function readOp(doc: Doc, cache: DocumentCache, live: LiveRecord): Op {
  const ns = doc.get('ns');
  const named = typeof ns === 'string' ? ns : '';
  switch (doc.get('op')) {
    case 'put': {
      const cid = numberField(doc, 'cid');
      const stored = docField(doc, 'record');
      const record = stored.has('raw') ? readRecord(stored, cache) : live(cid, Number(textField(stored, 'rid')));
      if (record === undefined) throw new Error('the history names a document that is not there');
      return { kind: 'put', ns: named, cid, record, form: readForm(doc), changes: null };
    }
    case 'delete':
      return {
        kind: 'delete',
        ns: named,
        cid: numberField(doc, 'cid'),
        rid: Number(textField(doc, 'rid')),
        changes: null,
      };
    default:
      return readCatalogOp(doc, named);
  }
}

function readForm(doc: Doc): UpdateForm {
  const form = doc.get('form');
  if (Array.isArray(form)) return form.filter((path) => typeof path === 'string');
  return form === 'replacement' ? form : 'pipeline';
}

const recordDoc = ({ rid, raw }: StoredRecord): Doc => Doc.of(['rid', String(rid)], ['raw', new Binary(raw, 0)]);

function readRecord(doc: Doc, cache: DocumentCache): StoredRecord {
  const raw = bytesField(doc, 'raw');
  if (raw === null) throw new Error("the history lacks 'raw'");
  return { rid: Number(textField(doc, 'rid')), raw, doc: null, cache };
}

function readTransaction(value: unknown): TransactionId | null {
  if (!(value instanceof Doc)) return null;
  return { session: textField(value, 'session'), txnNumber: Number(textField(value, 'number')) };
}

const timeDoc = ({ seconds, counter }: ClusterTime): Doc =>
  Doc.of(['seconds', String(seconds)], ['counter', String(counter)]);

const readTime = (doc: Doc): ClusterTime => ({
  seconds: Number(textField(doc, 'seconds')),
  counter: Number(textField(doc, 'counter')),
});

function optionalTime(doc: Doc, name: string): ClusterTime | null {
  const value = doc.get(name);
  return value instanceof Doc ? readTime(value) : null;
}

function epochBytes(epoch: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(epoch, 0);
  return bytes;
}
