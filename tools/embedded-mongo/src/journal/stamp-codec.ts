import type { Stamp } from '../changes/change.ts';

/** Seconds (4), counter (4), wall time (8), transaction number (8), length of the session's name (1), the name. */
const FIXED_BYTES = 25;

/** Encodes the time of the changes that follow it in a frame. */
export function encodeStamp({ seconds, counter, wallMs, transaction }: Stamp): Buffer {
  const session = transaction?.session ?? '';
  const out = Buffer.alloc(FIXED_BYTES + session.length);
  out.writeUInt32LE(seconds, 0);
  out.writeUInt32LE(counter, 4);
  out.writeDoubleLE(wallMs, 8);
  out.writeDoubleLE(transaction?.txnNumber ?? 0, 16);
  out.writeUInt8(session.length, 24);
  out.write(session, FIXED_BYTES, 'latin1');
  return out;
}

export function readStamp(payload: Buffer, at: number): { stamp: Stamp; end: number } {
  const end = at + FIXED_BYTES + payload.readUInt8(at + 24);
  const session = payload.toString('latin1', at + FIXED_BYTES, end);
  return {
    stamp: {
      seconds: payload.readUInt32LE(at),
      counter: payload.readUInt32LE(at + 4),
      wallMs: payload.readDoubleLE(at + 8),
      transaction: session === '' ? null : { session, txnNumber: payload.readDoubleLE(at + 16) },
    },
    end,
  };
}
