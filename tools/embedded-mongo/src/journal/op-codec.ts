import { Binary, decodeDoc, Doc, encodeDoc, isBinary, isNumber, Long, type Value } from '../bson/index.ts';
import { readIndexSpec, idIndexSpec } from '../commands/index-definition.ts';
import { numberOf } from '../engine/index.ts';
import type { CatalogOp, Op } from '../storage/ops.ts';
import type { SessionNote } from '../storage/session-note.ts';

/** One item of a journal record. Documents name their collection by number; its namespace is known from `create`. */
export type Item =
  | { readonly kind: 'put'; readonly cid: number; readonly rid: number; readonly raw: Buffer }
  | { readonly kind: 'delete'; readonly cid: number; readonly rid: number }
  | { readonly kind: 'catalog'; readonly doc: Doc }
  | { readonly kind: 'note'; readonly note: SessionNote };

const PUT = 1;
const DELETE = 2;
const CATALOG = 3;
const NOTE = 4;
/** Kind (1), collection (4), record id (6). */
const DOCUMENT_HEADER_BYTES = 11;

/** Encodes the changes of one commit as the payload of one frame. */
export function encodeCommit(ops: readonly Op[], notes: readonly SessionNote[]): Buffer {
  let size = 0;
  const extras: Buffer[] = [];
  for (const op of ops) {
    if (op.kind === 'put') size += DOCUMENT_HEADER_BYTES + op.record.raw.length;
    else if (op.kind === 'delete') size += DOCUMENT_HEADER_BYTES;
    else {
      const doc = encodeDoc(catalogDoc(op));
      extras.push(doc);
      size += 1 + doc.length;
    }
  }
  const encodedNotes = notes.map((note) => encodeDoc(noteDoc(note)));
  for (const doc of encodedNotes) size += 1 + doc.length;
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  let extra = 0;
  const putDoc = (kind: number, doc: Buffer): void => {
    out[at] = kind;
    out.set(doc, at + 1);
    at += 1 + doc.length;
  };
  for (const op of ops) {
    if (op.kind === 'put') {
      at = writeHeader(out, at, PUT, op.cid, op.record.rid);
      out.set(op.record.raw, at);
      at += op.record.raw.length;
    } else if (op.kind === 'delete') {
      at = writeHeader(out, at, DELETE, op.cid, op.rid);
    } else {
      putDoc(CATALOG, extras[extra++] as Buffer);
    }
  }
  for (const doc of encodedNotes) putDoc(NOTE, doc);
  return out;
}

function writeHeader(out: Buffer, at: number, kind: number, cid: number, rid: number): number {
  out[at] = kind;
  out.writeUInt32LE(cid, at + 1);
  out.writeUIntLE(rid, at + 5, 6);
  return at + DOCUMENT_HEADER_BYTES;
}

/** Reads the items of a payload in order. @throws Error when the payload is not well formed. */
export function* decodeCommit(payload: Buffer): Generator<Item> {
  let at = 0;
  while (at < payload.length) {
    const kind = payload[at];
    if (kind === PUT || kind === DELETE) {
      const cid = payload.readUInt32LE(at + 1);
      const rid = payload.readUIntLE(at + 5, 6);
      at += DOCUMENT_HEADER_BYTES;
      if (kind === DELETE) {
        yield { kind: 'delete', cid, rid };
        continue;
      }
      const length = payload.readInt32LE(at);
      const raw = payload.subarray(at, at + length);
      at += length;
      yield { kind: 'put', cid, rid, raw };
    } else if (kind === CATALOG || kind === NOTE) {
      const length = payload.readInt32LE(at + 1);
      const doc = decodeDoc(payload.subarray(at + 1, at + 1 + length));
      at += 1 + length;
      yield kind === CATALOG ? { kind: 'catalog', doc } : { kind: 'note', note: readNote(doc) };
    } else {
      throw new Error(`the journal holds an item of the unknown kind ${String(kind)}`);
    }
  }
}

function catalogDoc(op: CatalogOp): Doc {
  const doc = Doc.of(['op', op.kind], ['cid', op.cid]);
  switch (op.kind) {
    case 'create':
      doc.append('db', op.db).append('name', op.name).append('uuid', new Binary(op.uuid, 4));
      return doc.append('options', op.options);
    case 'rename':
      return doc.append('db', op.db).append('name', op.name);
    case 'options':
      return doc.append('options', op.options);
    case 'createIndex':
    case 'changeIndex':
      return doc.append('spec', op.spec.definition);
    case 'dropIndex':
      return doc.append('name', op.name);
    case 'drop':
      return doc;
  }
}

/** The catalog change that a journal document stands for; `ns` is the namespace the collection has at that point. */
export function readCatalogOp(doc: Doc, ns: string | undefined): CatalogOp {
  const cid = numberField(doc, 'cid');
  const kind = doc.get('op');
  if (kind === 'create') {
    const uuid = doc.get('uuid');
    return {
      kind,
      cid,
      db: textField(doc, 'db'),
      name: textField(doc, 'name'),
      uuid: isBinary(uuid) ? uuid.buffer.subarray(0, uuid.position) : new Uint8Array(16),
      options: docField(doc, 'options'),
    };
  }
  if (ns === undefined) throw new Error(`the journal changes the unknown collection ${cid}`);
  switch (kind) {
    case 'drop':
      return { kind, ns, cid };
    case 'rename':
      return { kind, ns, cid, db: textField(doc, 'db'), name: textField(doc, 'name') };
    case 'options':
      return { kind, ns, cid, options: docField(doc, 'options') };
    case 'dropIndex':
      return { kind, ns, cid, name: textField(doc, 'name') };
    case 'createIndex':
    case 'changeIndex': {
      const definition = docField(doc, 'spec');
      const isId = definition.get('name') === '_id_';
      return {
        kind,
        ns,
        cid,
        spec: isId ? idIndexSpec(definition.get('collation')) : readIndexSpec(definition, undefined),
      };
    }
    default:
      throw new Error(`the journal holds the unknown change ${String(kind)}`);
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

function textField(doc: Doc, name: string): string {
  const value = doc.get(name);
  if (typeof value !== 'string') throw new Error(`the journal lacks '${name}'`);
  return value;
}

function numberField(doc: Doc, name: string): number {
  const value = doc.get(name);
  if (!isNumber(value)) throw new Error(`the journal lacks '${name}'`);
  return numberOf(value);
}

function docField(doc: Doc, name: string): Doc {
  const value = doc.get(name);
  return value instanceof Doc ? value : new Doc();
}
