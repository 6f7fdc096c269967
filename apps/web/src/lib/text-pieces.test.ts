import { describe, expect, it } from 'vitest';
import { piecesOf } from './text-pieces.ts';

const bracketed = (...args: Parameters<typeof piecesOf>) =>
  piecesOf(...args)
    .map(({ piece, marked }) => (marked ? `[${piece}]` : piece))
    .join('');

describe('texts with marked pieces', () => {
  it('are cut at the ranges and whole together', () => {
    expect(bracketed('Oak chair', [[4, 7]])).toBe('Oak [cha]ir');
    expect(
      bracketed('Oak chair', [
        [4, 9],
        [0, 3],
      ]),
    ).toBe('[Oak] [chair]');
    expect(bracketed('Oak', [])).toBe('Oak');
  });

  it('survive ranges that overlap, or of another text', () => {
    expect(
      bracketed('Oak chair', [
        [0, 5],
        [4, 7],
        [2, 3],
        [90, 99],
        [8, 8],
      ]),
    ).toBe('[Oak c][ha]ir');
  });
});
