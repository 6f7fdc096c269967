import { crc32 } from 'node:zlib';

/**
 * A frame: length of the payload (u32), CRC-32 over what follows (u32), the offset of the file that was known to be on
 * disk when the frame was made (f64), payload.
 */
export const FRAME_HEADER_BYTES = 16;
const CHECKED_FROM = 8;
/** Payloads are cut by statement and transaction; this only guards against reading garbage as a length. */
const MAX_PAYLOAD_BYTES = 0x7fffffff;

/** Frames a payload. `durableBytes` is how much of the file is known to be on disk. */
export function encodeFrame(payload: Uint8Array, durableBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeDoubleLE(durableBytes, 8);
  frame.set(payload, FRAME_HEADER_BYTES);
  frame.writeUInt32LE(checksum(frame, payload.length), 4);
  return frame;
}

/** The checksum takes the length in, so that a frame of zeros is never valid. */
function checksum(frame: Uint8Array, length: number): number {
  return crc32(frame.subarray(CHECKED_FROM, FRAME_HEADER_BYTES + length), length + 1);
}

/** What stands at an offset: a whole frame, the beginning of one that needs more bytes, or no frame. */
export type FrameResult =
  | { readonly kind: 'frame'; readonly payload: Buffer; readonly durableBytes: number; readonly end: number }
  | { readonly kind: 'short'; readonly needed: number }
  | { readonly kind: 'bad' };

/** Reads the frame at an offset of the bytes at hand. */
export function readFrame(bytes: Buffer, at: number): FrameResult {
  if (at + FRAME_HEADER_BYTES > bytes.length) return { kind: 'short', needed: FRAME_HEADER_BYTES };
  const length = bytes.readUInt32LE(at);
  if (length > MAX_PAYLOAD_BYTES) return { kind: 'bad' };
  const end = at + FRAME_HEADER_BYTES + length;
  if (end > bytes.length) return { kind: 'short', needed: FRAME_HEADER_BYTES + length };
  const frame = bytes.subarray(at, end);
  if (checksum(frame, length) !== frame.readUInt32LE(4)) return { kind: 'bad' };
  return {
    kind: 'frame',
    payload: bytes.subarray(at + FRAME_HEADER_BYTES, end),
    durableBytes: frame.readDoubleLE(8),
    end,
  };
}
