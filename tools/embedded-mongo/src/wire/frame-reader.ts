import { HEADER_BYTES, MAX_MESSAGE_BYTES, ProtocolError } from './messages.ts';

/** Messages up to this size are collected without asking for room. */
export const SMALL_MESSAGE_BYTES = 64 * 1024;

export type FrameReader = ReturnType<typeof createFrameReader>;

/**
 * Cuts a stream of bytes into messages. What has come of an unfinished message lies in one piece, in however many chunks
 * it came: a client that sends byte by byte takes no more memory than one that does not.
 */
export function createFrameReader() {
  /** Bytes that belong to no large message that is being collected. */
  let ahead: Buffer | null = null;
  let frame: Buffer | null = null;
  let filled = 0;

  function fill(chunk: Buffer): Buffer | null {
    const into = frame as Buffer;
    const count = Math.min(chunk.length, into.length - filled);
    into.set(count === chunk.length ? chunk : chunk.subarray(0, count), filled);
    filled += count;
    return count === chunk.length ? null : chunk.subarray(count);
  }

  return {
    push(chunk: Buffer): void {
      const rest = frame === null ? chunk : fill(chunk);
      if (rest !== null) ahead = ahead === null ? rest : Buffer.concat([ahead, rest]);
    },

    /** Bytes of messages that nobody has taken yet, apart from a large one that is being collected. */
    aheadBytes: (): number => ahead?.length ?? 0,

    /** Whether a part of a message has come. */
    isWithin: (): boolean => frame !== null || ahead !== null,

    /**
     * The next whole message; null when more has to come, or the size of a large one to collect next.
     * @throws ProtocolError when its length can't be.
     */
    next(): Buffer | number | null {
      if (frame !== null) {
        if (filled < frame.length) return null;
        const whole = frame;
        frame = null;
        return whole;
      }
      if (ahead === null || ahead.length < 4) return null;
      const length = ahead.readInt32LE(0);
      if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) throw new ProtocolError(`a message of ${length} bytes`);
      if (ahead.length < length) return length > SMALL_MESSAGE_BYTES ? length : null;
      const whole = ahead.subarray(0, length);
      ahead = ahead.length === length ? null : ahead.subarray(length);
      return whole;
    },

    /** Begins to collect a large message, into memory of its own. */
    collect(length: number): void {
      frame = Buffer.allocUnsafeSlow(length);
      filled = 0;
      const chunk = ahead as Buffer;
      ahead = null;
      ahead = fill(chunk);
    },

    /** Forgets all there is. */
    drop(): void {
      ahead = null;
      frame = null;
    },
  };
}
