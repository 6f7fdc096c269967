import type Sharp from 'sharp';
import type { PictureType } from './sniff.ts';

/** One picture, made anew from pixels: nothing of the file that it comes from is in it but what one sees. */
export interface RenderedPicture {
  width: number;
  height: number;
  /** WebP. */
  bytes: Buffer;
}

/** `unreadable`: broken, or not what it begins as. `too_many_pixels`: would take too much memory to open. */
export type PictureRefusal = 'unreadable' | 'too_many_pixels';

const QUALITY = 80;

/** By the names that the headers of files are read under. */
const FORMATS: Record<PictureType, readonly string[]> = {
  'image/jpeg': ['jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/avif': ['heif', 'avif'],
};

let loading: Promise<typeof Sharp> | undefined;

/** Loaded when the first picture comes: API processes render none. */
function load(): Promise<typeof Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // What doesn't read pictures of these kinds can't be tricked into reading others, such as SVG or PDF.
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({
      operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadHeif'],
    });
    // Pictures come one after the other: keeping what they were made of only costs memory.
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loading;
}

/**
 * Makes a picture anew in the given widths, those that it is wide enough for, and in its own if it is smaller than the
 * widest; the narrowest first. Turned as its camera was held, without metadata, the first frame of a moving one. Pixels
 * are counted from its header, before anything is decoded.
 */
export async function renderPicture(
  bytes: Buffer,
  {
    type,
    widths,
    maxPixels,
    maxSide,
  }: { type: PictureType; widths: readonly number[]; maxPixels: number; maxSide: number },
): Promise<{ ok: true; pictures: RenderedPicture[] } | { ok: false; refusal: PictureRefusal }> {
  const sharp = await load();
  const refused = (refusal: PictureRefusal) => ({ ok: false, refusal }) as const;
  try {
    // No limit here, or a header that tells of too many pixels would look like a broken one.
    const { format, width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (!FORMATS[type].includes(format)) return refused('unreadable');
    if (width * height > maxPixels || Math.max(width, height) > maxSide) return refused('too_many_pixels');
    const widest = Math.max(...widths);
    const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' })
      .autoOrient()
      .resize({ width: widest, withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    const pictures: RenderedPicture[] = [];
    for (const each of [...widths.filter((wanted) => wanted < info.width).toSorted((a, b) => a - b), info.width]) {
      const made = await sharp(data, { raw })
        .resize({ width: each })
        .webp({ quality: QUALITY })
        .toBuffer({ resolveWithObject: true });
      pictures.push({ width: made.info.width, height: made.info.height, bytes: made.data });
    }
    return { ok: true, pictures };
  } catch (error) {
    // Whatever the library says is about the file, but for what the machine lacks: that says nothing of it.
    if (error instanceof Error && !/memory|alloc/i.test(error.message)) return refused('unreadable');
    throw error;
  }
}
