import { crc32 } from 'node:zlib';
import { Doc } from '../bson/index.ts';
import { formatDoc, MongoError } from '../engine/index.ts';
import type { ClusterTime } from '../sessions/clock.ts';

/**
 * A place in a history: in front of everything from a time on (`mark`), behind one change, or behind the invalidation
 * that a change brought.
 */
export interface Position {
  readonly kind: 'mark' | 'change' | 'invalidate';
  readonly time: ClusterTime;
  /** Place of the change within its transaction. */
  readonly index: number;
}

export interface ResumeToken extends Position {
  /** The history the token belongs to. */
  readonly epoch: number;
}

const VERSION = 0x82;
/** Version (1), seconds (4), counter (4), class (1), index (4), invalidation (1), epoch (4), checksum (4). */
const BYTES = 23;
const CHECKED = BYTES - 4;
const CLASS_MARK = 0x00;
const CLASS_CHANGE = 0x80;

/** The document that clients keep. Tokens of one history compare as their places do. */
export function encodeToken(epoch: number, { kind, time, index }: Position): Doc {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt32BE(time.seconds, 1);
  bytes.writeUInt32BE(time.counter, 5);
  bytes.writeUInt8(kind === 'mark' ? CLASS_MARK : CLASS_CHANGE, 9);
  bytes.writeUInt32BE(index, 10);
  bytes.writeUInt8(kind === 'invalidate' ? 1 : 0, 14);
  bytes.writeUInt32BE(epoch, 15);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, CHECKED)), CHECKED);
  return Doc.of(['_data', bytes.toString('hex').toUpperCase()]);
}

/**
 * Reads a token that a client brings back.
 * @throws MongoError 40647, 9 or 260 for what this server never gave out.
 */
export function readToken(doc: Doc): ResumeToken {
  const data = doc.get('_data');
  if (typeof data !== 'string') {
    throw new MongoError(
      40647,
      `Bad resume token: _data of missing or of wrong type. Expected string, got ${formatDoc(doc)}`,
    );
  }
  if (!/^([0-9a-f]{2})*$/i.test(data)) throw new MongoError(9, 'resume token string was not a valid hex string');
  const bytes = Buffer.from(data, 'hex');
  if (bytes.length !== BYTES || bytes[0] !== VERSION || bytes.readUInt32BE(CHECKED) !== checksum(bytes)) {
    throw new MongoError(260, 'Bad resume token: it was not given out by this server');
  }
  return {
    kind: bytes[9] === CLASS_MARK ? 'mark' : bytes[14] === 1 ? 'invalidate' : 'change',
    time: { seconds: bytes.readUInt32BE(1), counter: bytes.readUInt32BE(5) },
    index: bytes.readUInt32BE(10),
    epoch: bytes.readUInt32BE(15),
  };
}

const checksum = (bytes: Buffer): number => crc32(bytes.subarray(0, CHECKED));
