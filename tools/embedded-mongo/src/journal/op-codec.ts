import { decodeDoc, Doc, encodeDoc, Long, type Value } from '../bson/index.ts';
import { follows, type Change, type Stamp } from '../changes/change.ts';
import type { DocumentOp, Op } from '../storage/ops.ts';
import type { SessionNote } from '../storage/session-note.ts';
import { catalogDoc, docField, numberField, textField } from './catalog-codec.ts';
import {
  DELETE,
  documentBytes,
  PUT,
  readDocument,
  REPLACE,
  UPDATE,
  writeDocument,
  type DocumentItem,
} from './document-codec.ts';
import { encodeStamp, readStamp } from './stamp-codec.ts';

export { readCatalogOp } from './catalog-codec.ts';

/** One item of a journal record. */
export type Item =
  | DocumentItem
  | { readonly kind: 'catalog'; readonly doc: Doc }
  | { readonly kind: 'note'; readonly note: SessionNote }
  /** The time of the changes that follow. */
  | { readonly kind: 'stamp'; readonly stamp: Stamp }
  /** A part of the history of changes, as its codec wrote it. */
  | { readonly kind: 'history'; readonly doc: Doc };

const CATALOG = 3;
const NOTE = 4;
const STAMP = 5;
const HISTORY = 8;

/** What goes into a payload: changes of documents as they are, everything else already encoded. */
type Part = DocumentOp | { readonly kind: 'bytes'; readonly tag: number; readonly bytes: Buffer };

/** Encodes changes without their times, as snapshots hold them, and notes. */
export function encodeCommit(ops: readonly Op[], notes: readonly SessionNote[]): Buffer {
  return join([...ops.map(partOf), ...notes.map(notePart)]);
}

/** Encodes the changes of one or several commits as the payload of one frame. */
export function encodeChanges(changes: readonly Change[], notes: readonly SessionNote[]): Buffer {
  const parts: Part[] = [];
  changes.forEach((change, i) => {
    const previous = changes[i - 1];
    if (previous === undefined || !follows(change, previous)) {
      parts.push({ kind: 'bytes', tag: STAMP, bytes: encodeStamp(change.stamp) });
    }
    parts.push(partOf(change.op));
  });
  for (const note of notes) parts.push(notePart(note));
  return join(parts);
}

/** Encodes parts of the history, each as its codec wrote it. */
export function encodeHistory(documents: readonly Buffer[]): Buffer {
  return join(documents.map((bytes) => ({ kind: 'bytes', tag: HISTORY, bytes })));
}

function partOf(op: Op): Part {
  if (op.kind === 'put' || op.kind === 'delete') return op;
  return { kind: 'bytes', tag: CATALOG, bytes: encodeDoc(catalogDoc(op)) };
}

const notePart = (note: SessionNote): Part => ({ kind: 'bytes', tag: NOTE, bytes: encodeDoc(noteDoc(note)) });

function join(parts: readonly Part[]): Buffer {
  let size = 0;
  for (const part of parts) size += part.kind === 'bytes' ? 1 + part.bytes.length : documentBytes(part);
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  for (const part of parts) {
    if (part.kind !== 'bytes') {
      at = writeDocument(out, at, part);
      continue;
    }
    out[at] = part.tag;
    out.set(part.bytes, at + 1);
    at += 1 + part.bytes.length;
  }
  return out;
}

/** Reads the items of a payload in order. @throws Error when the payload is not well formed. */
export function* decodeCommit(payload: Buffer): Generator<Item> {
  let at = 0;
  while (at < payload.length) {
    const kind = payload[at];
    switch (kind) {
      case PUT:
      case DELETE:
      case REPLACE:
      case UPDATE: {
        const { item, end } = readDocument(payload, at);
        at = end;
        yield item;
        break;
      }
      case STAMP: {
        const { stamp, end } = readStamp(payload, at + 1);
        at = end;
        yield { kind: 'stamp', stamp };
        break;
      }
      case CATALOG:
      case NOTE:
      case HISTORY: {
        const end = at + 1 + payload.readInt32LE(at + 1);
        const doc = decodeDoc(payload.subarray(at + 1, end));
        at = end;
        if (kind === NOTE) yield { kind: 'note', note: readNote(doc) };
        else yield { kind: kind === CATALOG ? 'catalog' : 'history', doc };
        break;
      }
      default:
        throw new Error(`the journal holds an item of the unknown kind ${String(kind)}`);
    }
  }
}

function noteDoc(note: SessionNote): Doc {
  return Doc.of(
    ['session', note.session],
    ['txnNumber', Long.fromNumber(note.txnNumber)],
    ['transaction', note.transaction],
    ['statements', note.statements.map(({ id, result }): Value => Doc.of(['id', id], ['result', result]))],
  );
}

function readNote(doc: Doc): SessionNote {
  const statements = doc.get('statements');
  return {
    session: textField(doc, 'session'),
    txnNumber: numberField(doc, 'txnNumber'),
    transaction: doc.get('transaction') === true,
    statements: (Array.isArray(statements) ? statements : []).flatMap((entry) =>
      entry instanceof Doc ? [{ id: numberField(entry, 'id'), result: docField(entry, 'result') }] : [],
    ),
  };
}
