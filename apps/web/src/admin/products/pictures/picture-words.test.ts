import { UploadError } from '@cartwright/sdk';
import { describe, expect, it } from 'vitest';
import { isWorthAnotherTry, moved, pictureWords, refusalOf } from './picture-words.ts';

describe('refusalOf', () => {
  it('spares people the wait for what the shop refuses anyway', () => {
    expect(refusalOf({ type: 'image/jpeg', size: 10_000_000 })).toBeUndefined();
    expect(refusalOf({ type: 'image/jpeg', size: 10_000_001 })).toMatch(/10 MB/);
    expect(refusalOf({ type: 'image/svg+xml', size: 10 })).toMatch(/JPEG/);
    expect(refusalOf({ type: '', size: 10 })).toMatch(/JPEG/);
    expect(refusalOf({ type: 'image/png', size: 0 })).toMatch(/empty/);
  });
});

describe('pictureWords', () => {
  it('says what is wrong with the file, or with the way', () => {
    expect(pictureWords(new UploadError('rejected', 'too_many_pixels'))).toMatch(/pixels/);
    expect(pictureWords(new UploadError('network'))).toMatch(/connection/);
    expect(pictureWords('It is empty.')).toBe('It is empty.');
    expect(pictureWords(new Error('x'))).not.toContain('x ');
  });
});

describe('isWorthAnotherTry', () => {
  it('offers no second try of a file that is refused for what it is', () => {
    for (const rejection of ['type', 'unreadable', 'too_many_pixels', 'failed'] as const) {
      expect(isWorthAnotherTry(new UploadError('rejected', rejection))).toBe(false);
    }
    expect(isWorthAnotherTry('It is empty.')).toBe(false);
    for (const error of [new UploadError('network'), new UploadError('rejected', 'checksum'), new Error('x')]) {
      expect(isWorthAnotherTry(error)).toBe(true);
    }
  });
});

describe('moved', () => {
  it('puts one item at another place, and nothing beyond the ends', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'b', 'c']);
    for (const to of [-1, 3]) expect(moved(['a', 'b', 'c'], 1, to)).toEqual(['a', 'b', 'c']);
  });
});
