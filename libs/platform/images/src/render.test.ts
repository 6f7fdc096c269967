import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { renderPicture, sniffPicture, type PictureType } from './index.ts';

const limits = { widths: [160, 480], maxPixels: 1_000_000, maxSide: 4_000 };
const colour = { r: 200, g: 30, b: 60 };
const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: colour } });
const files = async (width: number, height: number): Promise<[PictureType, Buffer][]> => [
  ['image/jpeg', await plain(width, height).jpeg().toBuffer()],
  ['image/png', await plain(width, height).png().toBuffer()],
  ['image/webp', await plain(width, height).webp().toBuffer()],
  ['image/avif', await plain(width, height).avif({ effort: 0 }).toBuffer()],
];
/** A picture of a hundred bytes whose header claims to be so large. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const bytes = await plain(1, 1).png().toBuffer();
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}
const widthsOf = async (bytes: Buffer, type: PictureType) => {
  const made = await renderPicture(bytes, { type, ...limits });
  return made.ok ? made.pictures.map(({ width }) => width) : made.refusal;
};

describe('sniffPicture', () => {
  it('knows pictures by how they begin', async () => {
    for (const [type, bytes] of await files(8, 8)) expect(sniffPicture(bytes)).toBe(type);
  });

  it('knows nothing else', () => {
    const others = ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', 'GIF89a', '%PDF-1.7', 'BM', ''];
    for (const text of others) expect(sniffPicture(Buffer.from(text))).toBeNull();
    expect(sniffPicture(Buffer.from('RIFF0000WAVE'))).toBeNull();
    expect(sniffPicture(Buffer.from('\0\0\0\x18ftypmp42'))).toBeNull();
  });
});

describe('renderPicture', () => {
  it('makes every kind anew, as WebP in the widths that it is wide enough for', async () => {
    for (const [type, bytes] of await files(600, 300)) {
      const made = await renderPicture(bytes, { type, ...limits });
      if (!made.ok) throw new Error(`${type}: ${made.refusal}`);
      expect(made.pictures.map(({ width, height }) => [width, height])).toEqual([
        [160, 80],
        [480, 240],
      ]);
      for (const picture of made.pictures) expect(sniffPicture(picture.bytes)).toBe('image/webp');
    }
  });

  it('makes none larger than it is', async () => {
    for (const [type, bytes] of await files(200, 100)) expect(await widthsOf(bytes, type)).toEqual([160, 200]);
    for (const [type, bytes] of await files(50, 900)) expect(await widthsOf(bytes, type)).toEqual([50]);
  });

  it('turns it as the camera was held, and leaves out what cameras and others write into files', async () => {
    const turned = await plain(300, 100)
      .jpeg()
      .withMetadata({ orientation: 6, exif: { IFD0: { Copyright: 'SECRET' } } })
      .toBuffer();
    expect(turned.includes('SECRET')).toBe(true);
    const made = await renderPicture(turned, { type: 'image/jpeg', ...limits });
    if (!made.ok) throw new Error(made.refusal);
    expect(made.pictures.map(({ width, height }) => [width, height])).toEqual([[100, 300]]);
    for (const { bytes } of made.pictures) expect(bytes.includes('SECRET')).toBe(false);
  });

  it('carries nothing over that hides in a file beside the picture', async () => {
    const evil = Buffer.from('<script>alert(1)</script><svg onload=alert(1)>');
    for (const [type, bytes] of await files(200, 100)) {
      const made = await renderPicture(Buffer.concat([bytes, evil]), { type, ...limits });
      if (made.ok) for (const picture of made.pictures) expect(picture.bytes.includes('script')).toBe(false);
      else expect(made.refusal).toBe('unreadable');
    }
  });

  it('counts pixels before it opens anything', async () => {
    // A hundred bytes that would be a gigabyte opened; and sides that are short enough, but make too many.
    const before = process.memoryUsage().rss;
    expect(await widthsOf(await claiming(20_000, 17_000), 'image/png')).toBe('too_many_pixels');
    expect(await widthsOf(await claiming(1_001, 1_000), 'image/png')).toBe('too_many_pixels');
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(await widthsOf(await plain(4_001, 1).png().toBuffer(), 'image/png')).toBe('too_many_pixels');
  });

  it('refuses what is broken, cut off, or another kind than it says', async () => {
    for (const [type, bytes] of await files(600, 600)) {
      expect(await widthsOf(bytes.subarray(0, 60), type), type).toBe('unreadable');
      expect(await widthsOf(Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(400, 7)]), type), type).toBe(
        'unreadable',
      );
    }
    const [[, jpeg] = ['', Buffer.alloc(0)]] = await files(600, 600);
    expect(await widthsOf(jpeg.subarray(0, jpeg.byteLength / 2), 'image/jpeg')).toBe('unreadable');
    expect(await widthsOf(jpeg, 'image/png')).toBe('unreadable');
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    );
    for (const type of ['image/jpeg', 'image/png'] as const) expect(await widthsOf(svg, type)).toBe('unreadable');
  });
});
