import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FILE_MAGIC } from './files.ts';
import { FRAME_HEADER_BYTES, readFrame } from './frames.ts';

/** Data that was on disk is not there any more as it was written: nothing is served rather than something wrong. */
export class CorruptDataError extends Error {
  override readonly name = 'CorruptDataError';
}

const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Reads the payloads of a file in order and answers where the valid part ends. A torn end is tolerated in the file that
 * was being written (`tornEnd`); it is told from damage by later frames, which know how much before them was on disk.
 * @throws CorruptDataError
 */
export function readFrames(path: string, tornEnd: boolean, visit: (payload: Buffer) => void): number {
  const fd = openSync(path, 'r');
  try {
    const size = fstatSync(fd).size;
    if (size < FILE_MAGIC.length) {
      if (tornEnd) return 0;
      throw new CorruptDataError(`${path} is cut short`);
    }
    let bytes = readWhole(fd, 0, Math.min(size, CHUNK_BYTES), FILE_MAGIC.length);
    // Made, but cut off before its first bytes were on disk: nothing can have been written behind them.
    if (tornEnd && size === FILE_MAGIC.length && bytes.every((byte) => byte === 0)) return 0;
    if (!bytes.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC))
      throw new CorruptDataError(`${path} has an unknown format`);
    let start = 0;
    let at = FILE_MAGIC.length;
    for (;;) {
      const offset = start + at;
      if (offset === size) return offset;
      const result = readFrame(bytes, at);
      if (result.kind === 'frame') {
        visit(result.payload);
        at = result.end;
      } else if (result.kind === 'short' && offset + result.needed <= size) {
        bytes = readWhole(fd, offset, Math.min(size - offset, Math.max(result.needed, CHUNK_BYTES)), 0);
        start = offset;
        at = 0;
      } else {
        if (!tornEnd || wasDurable(fd, offset, size))
          throw new CorruptDataError(`${path} is damaged at byte ${offset}`);
        return offset;
      }
    }
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads a chunk without the torn frame at its end: documents stay where they were read, and would keep those bytes alive,
 * which are read again with the next chunk. What can't be a whole frame is left in for others to judge.
 */
function readWhole(fd: number, offset: number, length: number, at: number): Buffer {
  const bytes = readAt(fd, offset, length);
  let end = at;
  while (end + FRAME_HEADER_BYTES <= bytes.length) {
    const next = end + FRAME_HEADER_BYTES + bytes.readUInt32LE(end);
    if (next > bytes.length) break;
    end = next;
  }
  if (end === at || end === bytes.length) return bytes;
  const whole = Buffer.allocUnsafeSlow(end);
  whole.set(bytes.subarray(0, end));
  return whole;
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** Whether a whole frame after the bad place says that the place had been on disk before. */
function wasDurable(fd: number, offset: number, size: number): boolean {
  const bytes = readAt(fd, offset, Math.min(size - offset, 64 * 1024 * 1024));
  for (let at = 1; at + FRAME_HEADER_BYTES <= bytes.length; at++) {
    const length = bytes.readUInt32LE(at);
    if (length === 0 || at + FRAME_HEADER_BYTES + length > bytes.length) continue;
    const durable = bytes.readDoubleLE(at + 8);
    if (!(durable > offset && durable <= offset + at)) continue;
    const result = readFrame(bytes, at);
    if (result.kind === 'frame') return true;
  }
  return false;
}
