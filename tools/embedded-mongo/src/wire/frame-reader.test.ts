import { describe, expect, it } from 'vitest';
import { createFrameReader, SMALL_MESSAGE_BYTES, type FrameReader } from './frame-reader.ts';
import { MAX_MESSAGE_BYTES, ProtocolError } from './messages.ts';

function message(length: number, fill: number): Buffer {
  const bytes = Buffer.alloc(length, fill);
  bytes.writeInt32LE(length, 0);
  return bytes;
}

/** All messages that are whole by now, large ones collected as they are met. */
function taken(reader: FrameReader): Buffer[] {
  const whole: Buffer[] = [];
  for (;;) {
    const next = reader.next();
    if (next === null) return whole;
    if (typeof next === 'number') reader.collect(next);
    else whole.push(Buffer.from(next));
  }
}

describe('the reader of frames', () => {
  const messages = [message(16, 1), message(200_000, 2), message(5000, 3), message(SMALL_MESSAGE_BYTES + 1, 4)];
  const stream = Buffer.concat(messages);

  for (const size of [1, 3, 1000, 65_536, 250_000, stream.length]) {
    it(`finds the same messages in chunks of ${size} bytes`, () => {
      const reader = createFrameReader();
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) {
        reader.push(stream.subarray(at, at + size));
        found.push(...taken(reader));
      }
      expect(found.map((one) => one.equals(messages[found.indexOf(one)] as Buffer))).toEqual([true, true, true, true]);
      expect(reader.isWithin()).toBe(false);
    });
  }

  it('refuses lengths that no message has, as soon as it knows them', () => {
    for (const length of [-1, 0, 15, MAX_MESSAGE_BYTES + 1]) {
      const reader = createFrameReader();
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(length, 0);
      reader.push(bytes);
      expect(() => reader.next()).toThrow(ProtocolError);
    }
  });

  it('asks before it collects a large message', () => {
    const reader = createFrameReader();
    reader.push(message(1_000_000, 7).subarray(0, 100));
    expect(reader.next()).toBe(1_000_000);
    expect(reader.aheadBytes()).toBe(100);
    reader.collect(1_000_000);
    expect(reader.aheadBytes()).toBe(0);
    expect(reader.next()).toBeNull();
    expect(reader.isWithin()).toBe(true);
  });
});
