/** Ends a snapshot: proof that it is complete, and the highest ids given out so far. */
export interface Trailer {
  readonly lastRid: number;
  readonly lastCid: number;
}

const MARK = Buffer.from('END-OF-SNAPSHOT\0', 'latin1');

export function encodeTrailer({ lastRid, lastCid }: Trailer): Buffer {
  const payload = Buffer.alloc(MARK.length + 16);
  payload.set(MARK);
  payload.writeDoubleLE(lastRid, MARK.length);
  payload.writeDoubleLE(lastCid, MARK.length + 8);
  return payload;
}

/** The trailer in a payload, or null when it is something else. */
export function readTrailer(payload: Buffer): Trailer | null {
  if (payload.length !== MARK.length + 16 || !payload.subarray(0, MARK.length).equals(MARK)) return null;
  return { lastRid: payload.readDoubleLE(MARK.length), lastCid: payload.readDoubleLE(MARK.length + 8) };
}
