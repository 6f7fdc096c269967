import { describe, expect, it } from 'vitest';
import { packBytes } from './pack-bytes.ts';

describe('documents of a message', () => {
  it('are copied into small blocks that hold nothing else of it', () => {
    const message = Buffer.alloc(4_000_000);
    for (let i = 0; i < message.length; i++) message[i] = i % 251;
    const sizes = [5, 100, 16_000, 300, 1_000_000, 1, ...Array.from({ length: 1000 }, (_, i) => 100 + i)];
    let at = 0;
    const documents = sizes.map((size) => message.subarray(at, (at += size)));
    const packed = packBytes(documents);
    expect(packed.map((bytes) => bytes.length)).toEqual(sizes);
    expect(packed.every((bytes, i) => Buffer.compare(bytes, documents[i] as Buffer) === 0)).toBe(true);
    const blocks = new Set(packed.map((bytes) => bytes.buffer));
    expect(blocks.has(message.buffer)).toBe(false);
    for (const bytes of packed) expect(bytes.buffer.byteLength).toBeLessThanOrEqual(Math.max(16_384, bytes.length));
    expect(blocks.size).toBeLessThan(60);
    expect(packBytes([])).toEqual([]);
  });
});
