import { describe, expect, it } from 'vitest';
import { Doc } from '../bson/index.ts';
import { encodeToken, readToken, type Position } from './token.ts';

const EPOCH = 0xfedcba98;
const at = (kind: Position['kind'], seconds: number, counter: number, index = 0): Position => ({
  kind,
  time: { seconds, counter },
  index,
});
const dataOf = (position: Position): string => String(encodeToken(EPOCH, position).get('_data'));

describe('a resume token', () => {
  it('is read back as it was given out', () => {
    for (const position of [
      at('mark', 4_000_000_000, 1),
      at('change', 5, 4_000_000_000, 7),
      at('invalidate', 1, 2, 3),
    ]) {
      expect(readToken(encodeToken(EPOCH, position))).toEqual({ ...position, epoch: EPOCH });
    }
  });

  it('orders as text the way its places follow each other', () => {
    const inOrder = [
      at('mark', 9, 255),
      at('change', 9, 255),
      at('invalidate', 9, 255),
      at('change', 9, 255, 1),
      at('mark', 9, 256),
      at('mark', 256, 1),
    ].map(dataOf);
    expect([...inOrder].sort()).toEqual(inOrder);
  });

  it('is refused when it was never given out', () => {
    const good = dataOf(at('change', 1, 2));
    const codeOf = (doc: Doc): unknown => {
      try {
        return readToken(doc);
      } catch (error) {
        return (error as { code: number }).code;
      }
    };
    for (let i = 0; i < good.length; i++) {
      const digit = good[i] === '0' ? '1' : '0';
      expect(codeOf(Doc.of(['_data', good.slice(0, i) + digit + good.slice(i + 1)])), `digit ${i}`).toBe(260);
    }
    expect(codeOf(Doc.of(['_data', good.slice(2)]))).toBe(260);
    expect(codeOf(Doc.of(['_data', '']))).toBe(260);
    expect(codeOf(Doc.of(['_data', 'no token']))).toBe(9);
    expect(codeOf(Doc.of(['_data', 1]))).toBe(40647);
    expect(codeOf(new Doc())).toBe(40647);
  });
});
