import { Binary, Doc, Double, encodeDoc, Long, type Timestamp } from '../bson/index.ts';
import type { MongoError } from '../engine/index.ts';
import type { Value } from '../bson/index.ts';

/** An answer with a batch of documents that are already encoded. */
export interface CursorReply {
  readonly field: 'firstBatch' | 'nextBatch';
  readonly batch: readonly Uint8Array[];
  readonly id: Long;
  readonly ns: string;
  /** Of change streams: where a client resumes that has taken the batch. */
  readonly postBatchResumeToken?: Doc;
  /** Fields of the answer next to the cursor. */
  readonly beside?: Doc;
}

/** What a command answers; `ok` and the cluster time are added when it is encoded. */
export type Reply = Doc | CursorReply;

const NOTHING = new Uint8Array();
const CURSOR_NAME = Buffer.from('\x03cursor\0', 'latin1');

function timeFields(time: Timestamp): Doc {
  const signature = Doc.of(['hash', new Binary(Buffer.alloc(20), 0)], ['keyId', Long.ZERO]);
  return Doc.of(['$clusterTime', Doc.of(['clusterTime', time], ['signature', signature])], ['operationTime', time]);
}

let suffixTime: Timestamp | null = null;
let suffix: Buffer = Buffer.alloc(0);

/** The fields that end every successful answer, encoded, with the terminator of the document. */
function okSuffix(time: Timestamp): Buffer {
  if (suffixTime === time) return suffix;
  const doc = Doc.of(['ok', new Double(1)]);
  const times = timeFields(time);
  times.keys.forEach((key, i) => doc.append(key, times.values[i] as Value));
  suffix = encodeDoc(doc).subarray(4);
  suffixTime = time;
  return suffix;
}

/** Encodes a successful answer. `beside` are fields that stand next to the result. */
export function encodeReply(reply: Reply, time: Timestamp, beside: Doc | null): Buffer {
  const own = reply instanceof Doc ? undefined : reply.beside;
  const tail = Buffer.concat([...[own, beside].map(fieldsOf), okSuffix(time)]);
  if (!(reply instanceof Doc)) return encodeCursorReply(reply, tail);
  const body = encodeDoc(reply);
  const out = Buffer.allocUnsafe(body.length - 1 + tail.length);
  out.set(body.subarray(0, body.length - 1), 0);
  out.set(tail, body.length - 1);
  out.writeInt32LE(out.length, 0);
  return out;
}

/** A document's fields, encoded, without what frames them. */
const fieldsOf = (doc: Doc | null | undefined): Uint8Array =>
  doc === null || doc === undefined ? NOTHING : encodeDoc(doc).subarray(4, -1);

function encodeCursorReply(reply: CursorReply, tail: Buffer): Buffer {
  const fields = Doc.of(['id', reply.id], ['ns', reply.ns]);
  if (reply.postBatchResumeToken !== undefined) fields.append('postBatchResumeToken', reply.postBatchResumeToken);
  const rest = encodeDoc(fields).subarray(4);
  const field = Buffer.from(`\x04${reply.field}\0`, 'latin1');
  let items = 0;
  for (let i = 0; i < reply.batch.length; i++) {
    items += 2 + String(i).length + (reply.batch[i] as Uint8Array).length;
  }
  const arrayBytes = 4 + items + 1;
  const cursorBytes = 4 + field.length + arrayBytes + rest.length;
  const out = Buffer.allocUnsafe(4 + CURSOR_NAME.length + cursorBytes + tail.length);
  out.writeInt32LE(out.length, 0);
  out.set(CURSOR_NAME, 4);
  let at = 4 + CURSOR_NAME.length;
  out.writeInt32LE(cursorBytes, at);
  out.set(field, at + 4);
  at += 4 + field.length;
  out.writeInt32LE(arrayBytes, at);
  at += 4;
  for (let i = 0; i < reply.batch.length; i++) {
    out[at] = 3;
    at += 1;
    at += out.write(String(i), at, 'latin1');
    out[at] = 0;
    at += 1;
    const item = reply.batch[i] as Uint8Array;
    out.set(item, at);
    at += item.length;
  }
  out[at] = 0;
  out.set(rest, at + 1);
  out.set(tail, at + 1 + rest.length);
  return out;
}

/** Encodes the answer to a command that failed. */
export function encodeError(error: MongoError, labels: readonly string[], time: Timestamp): Buffer {
  const doc = Doc.of(
    ['ok', new Double(0)],
    ['errmsg', error.message],
    ['code', error.code],
    ['codeName', error.codeName],
  );
  for (const [key, value] of Object.entries(error.extra ?? {})) {
    if (value !== undefined) doc.set(key, value as Value);
  }
  if (labels.length > 0) doc.set('errorLabels', [...labels]);
  const times = timeFields(time);
  times.keys.forEach((key, i) => doc.append(key, times.values[i] as Value));
  return encodeDoc(doc);
}
