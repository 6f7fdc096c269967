import { crc32c } from './crc32c.ts';

export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;
export const HEADER_BYTES = 16;
/** Largest message that a client may send, in bytes (hello.maxMessageSizeBytes). */
export const MAX_MESSAGE_BYTES = 48_000_000;
/** Largest document that may be stored, in bytes (hello.maxBsonObjectSize). */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** Room that replies and commands get above the document limit. */
export const MAX_REPLY_DOCUMENT_BYTES = MAX_DOCUMENT_BYTES + 16 * 1024;

const FLAG_CHECKSUM = 1;
const FLAG_MORE_TO_COME = 2;
const REQUIRED_FLAGS_KNOWN = FLAG_CHECKSUM | FLAG_MORE_TO_COME;
/** More document sequences than any command has. */
const MAX_SEQUENCES = 16;

/** A document sequence of an OP_MSG: the field name it stands for, and the raw documents. */
export interface DocumentSequence {
  readonly name: string;
  readonly documents: readonly Uint8Array[];
}

/** One request, split into its raw parts. `legacy` marks the OP_QUERY form of the first handshake. */
export interface Request {
  readonly requestId: number;
  readonly legacy: boolean;
  /** Database named by the namespace of a legacy request. */
  readonly legacyDb: string | null;
  readonly body: Uint8Array;
  readonly sequences: readonly DocumentSequence[];
  /** The client wants no answer (unacknowledged write). */
  readonly moreToCome: boolean;
}

/** The bytes break the protocol; the connection has to be closed. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/**
 * Splits one whole message (header included) into its parts. Lengths are checked here, contents of documents are not.
 * @throws ProtocolError on anything that is not a well-formed OP_MSG or OP_QUERY.
 */
export function parseRequest(message: Buffer): Request {
  const opCode = message.readInt32LE(12);
  const requestId = message.readInt32LE(4);
  if (opCode === OP_MSG) return parseOpMsg(message, requestId);
  if (opCode === OP_QUERY) return parseOpQuery(message, requestId);
  throw new ProtocolError(`unsupported opcode ${opCode}`);
}

function parseOpMsg(message: Buffer, requestId: number): Request {
  if (message.length < HEADER_BYTES + 4 + 1 + 5) throw new ProtocolError('OP_MSG too short');
  const flags = message.readUInt32LE(16);
  if ((flags & 0xffff & ~REQUIRED_FLAGS_KNOWN) !== 0) throw new ProtocolError(`unknown required flag bits ${flags}`);
  let end = message.length;
  if (flags & FLAG_CHECKSUM) {
    end -= 4;
    if (end < 21) throw new ProtocolError('OP_MSG too short for its checksum');
    if (crc32c(message.subarray(0, end)) !== message.readUInt32LE(end)) throw new ProtocolError('wrong checksum');
  }
  let body: Uint8Array | null = null;
  const sequences: DocumentSequence[] = [];
  let at = 20;
  while (at < end) {
    const kind = message[at];
    at += 1;
    if (kind === 0) {
      if (body !== null) throw new ProtocolError('two body sections');
      body = sliceDocument(message, at, end);
      at += body.length;
    } else if (kind === 1) {
      if (at + 4 > end) throw new ProtocolError('document sequence cut short');
      const size = message.readInt32LE(at);
      const stop = at + size;
      if (size < 5 || stop > end) throw new ProtocolError('document sequence has a wrong length');
      const nul = message.indexOf(0, at + 4);
      if (nul < 0 || nul >= stop) throw new ProtocolError('document sequence has no name');
      const name = message.toString('utf8', at + 4, nul);
      if (sequences.some((sequence) => sequence.name === name)) throw new ProtocolError('document sequence sent twice');
      if (sequences.length === MAX_SEQUENCES) throw new ProtocolError('too many document sequences');
      const documents: Uint8Array[] = [];
      at = nul + 1;
      while (at < stop) {
        const document = sliceDocument(message, at, stop);
        documents.push(document);
        at += document.length;
      }
      sequences.push({ name, documents });
    } else {
      throw new ProtocolError(`unknown section kind ${kind}`);
    }
  }
  if (body === null) throw new ProtocolError('no body section');
  return { requestId, legacy: false, legacyDb: null, body, sequences, moreToCome: (flags & FLAG_MORE_TO_COME) !== 0 };
}

function parseOpQuery(message: Buffer, requestId: number): Request {
  const nul = message.indexOf(0, 20);
  if (nul < 0 || nul + 1 + 8 + 5 > message.length) throw new ProtocolError('OP_QUERY cut short');
  const namespace = message.toString('utf8', 20, nul);
  if (!namespace.endsWith('.$cmd')) throw new ProtocolError('OP_QUERY is accepted for the handshake only');
  const body = sliceDocument(message, nul + 9, message.length);
  return { requestId, legacy: true, legacyDb: namespace.slice(0, -5), body, sequences: [], moreToCome: false };
}

function sliceDocument(message: Buffer, at: number, end: number): Uint8Array {
  if (at + 5 > end) throw new ProtocolError('document cut short');
  const size = message.readInt32LE(at);
  if (size < 5 || at + size > end) throw new ProtocolError('document has a wrong length');
  return message.subarray(at, at + size);
}

let nextResponseId = 1;

/** Frames an encoded reply document for the request it answers, in the form (OP_MSG or OP_REPLY) the request used. */
export function frameReply(request: Pick<Request, 'requestId' | 'legacy'>, document: Uint8Array): Buffer {
  const prefix = request.legacy ? HEADER_BYTES + 20 : HEADER_BYTES + 5;
  const frame = Buffer.allocUnsafe(prefix + document.length);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(nextResponseId, 4);
  nextResponseId = (nextResponseId + 1) & 0x7fffffff;
  frame.writeInt32LE(request.requestId, 8);
  if (request.legacy) {
    frame.writeInt32LE(OP_REPLY, 12);
    frame.writeInt32LE(8, 16);
    frame.fill(0, 20, 32);
    frame.writeInt32LE(1, 32);
  } else {
    frame.writeInt32LE(OP_MSG, 12);
    frame.writeInt32LE(0, 16);
    frame[20] = 0;
  }
  frame.set(document, prefix);
  return frame;
}
