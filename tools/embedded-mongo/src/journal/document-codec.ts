import type { DocumentOp, UpdateForm } from '../storage/ops.ts';

/** How a journal names the forms of a document's change. Inserts and updates by a pipeline look alike in it. */
export const PUT = 1;
export const DELETE = 2;
export const REPLACE = 6;
export const UPDATE = 7;

/** Kind (1), collection (4), record id (6). */
const HEADER_BYTES = 11;
const SEPARATOR = '\0';

/** A change of a document in the journal. It names its collection by number; the namespace is known from `create`. */
export type DocumentItem =
  | {
      readonly kind: 'put';
      readonly cid: number;
      readonly rid: number;
      readonly raw: Buffer;
      readonly form: UpdateForm;
    }
  | { readonly kind: 'delete'; readonly cid: number; readonly rid: number };

/** The changed paths of an update by operators, which stand before its document. */
const pathsOf = (op: DocumentOp): string | null =>
  op.kind === 'put' && typeof op.form === 'object' && op.form !== null ? op.form.join(SEPARATOR) : null;

export function documentBytes(op: DocumentOp): number {
  if (op.kind === 'delete') return HEADER_BYTES;
  const paths = pathsOf(op);
  return HEADER_BYTES + op.record.raw.length + (paths === null ? 0 : 4 + Buffer.byteLength(paths));
}

/** Writes a change at an offset; answers where it ends. */
export function writeDocument(out: Buffer, at: number, op: DocumentOp): number {
  const paths = pathsOf(op);
  out[at] = kindOf(op, paths);
  out.writeUInt32LE(op.cid, at + 1);
  out.writeUIntLE(op.kind === 'put' ? op.record.rid : op.rid, at + 5, 6);
  let end = at + HEADER_BYTES;
  if (op.kind === 'delete') return end;
  if (paths !== null) {
    const length = out.write(paths, end + 4, 'utf8');
    out.writeUInt32LE(length, end);
    end += 4 + length;
  }
  out.set(op.record.raw, end);
  return end + op.record.raw.length;
}

function kindOf(op: DocumentOp, paths: string | null): number {
  if (op.kind === 'delete') return DELETE;
  if (paths !== null) return UPDATE;
  return op.form === 'replacement' ? REPLACE : PUT;
}

/** Reads the change at an offset. */
export function readDocument(payload: Buffer, start: number): { item: DocumentItem; end: number } {
  const kind = payload[start];
  const cid = payload.readUInt32LE(start + 1);
  const rid = payload.readUIntLE(start + 5, 6);
  let at = start + HEADER_BYTES;
  if (kind === DELETE) return { item: { kind: 'delete', cid, rid }, end: at };
  let form: UpdateForm = kind === REPLACE ? 'replacement' : 'pipeline';
  if (kind === UPDATE) {
    const length = payload.readUInt32LE(at);
    form = length === 0 ? [] : payload.toString('utf8', at + 4, at + 4 + length).split(SEPARATOR);
    at += 4 + length;
  }
  const end = at + payload.readInt32LE(at);
  return { item: { kind: 'put', cid, rid, raw: payload.subarray(at, end), form }, end };
}
