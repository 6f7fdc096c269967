import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { renderPicture, sniffPicture, type RenderedPicture } from '@cartwright/platform-images';
import { PICTURE_PIXELS_MAX, PICTURE_SIDE_MAX, PICTURE_WIDTHS } from './upload-purposes.ts';
import type { UploadDoc } from './upload.model.ts';
import type { Rejection } from './uploads.contracts.ts';

/** What a file turned out to be: fit for its purpose, with the pictures made of it, or not. */
export type Verdict = { fit: true; pictures: readonly RenderedPicture[] } | { fit: false; rejection: Rejection };

const unfit = (rejection: Rejection): Verdict => ({ fit: false, rejection });

/** Compares a file with what was announced, and looks at what it really is. What it says of itself counts for nothing. */
export async function verify(
  {
    size,
    checksumSha256,
    purpose,
    contentType,
  }: Pick<UploadDoc, 'size' | 'checksumSha256' | 'purpose' | 'contentType'>,
  bytes: Buffer,
): Promise<Verdict> {
  if (bytes.byteLength !== size) return unfit('size');
  if (createHash('sha256').update(bytes).digest('base64') !== checksumSha256) return unfit('checksum');
  switch (purpose) {
    case 'product_image':
      return verifyPicture(bytes, contentType);
    case 'catalog_import':
      // A NUL is UTF-8 as well, and no text has one.
      return isUtf8(bytes) && !bytes.includes(0) ? { fit: true, pictures: [] } : unfit('unreadable');
  }
}

async function verifyPicture(bytes: Buffer, contentType: string): Promise<Verdict> {
  const type = sniffPicture(bytes);
  if (type === null || type !== contentType) return unfit('type');
  const made = await renderPicture(bytes, {
    ...{ type, widths: PICTURE_WIDTHS, maxPixels: PICTURE_PIXELS_MAX, maxSide: PICTURE_SIDE_MAX },
  });
  return made.ok ? { fit: true, pictures: made.pictures } : unfit(made.refusal);
}
