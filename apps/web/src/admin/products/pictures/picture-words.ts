import { UploadError, type UploadRejection } from '@cartwright/sdk';
import { wordsFor } from '../../../lib/reasons.ts';

/** What the shop takes as a picture; it looks again by itself. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'];
export const PICTURE_MAX_BYTES = 10_000_000;

const REJECTIONS: Record<UploadRejection, string> = {
  missing: 'It got lost on the way. Please try again.',
  size: 'It did not arrive whole. Please try again.',
  checksum: 'It did not arrive as it was sent. Please try again.',
  type: 'It is not the kind of picture that its name says.',
  unreadable: 'It is broken, or no picture at all.',
  too_many_pixels: 'It has too many pixels: 60 million at most, 16,000 on a side.',
  failed: 'The shop could not open it. Save it anew, or take another one.',
};

/** Why a file is not worth sending; undefined when it is. */
export function refusalOf({ type, size }: Pick<File, 'type' | 'size'>): string | undefined {
  if (!PICTURE_TYPES.includes(type)) return 'Only JPEG, PNG, WebP and AVIF pictures can be added.';
  if (size > PICTURE_MAX_BYTES) return 'It is larger than 10 MB.';
  return size === 0 ? 'It is empty.' : undefined;
}

/** Why a picture could not be added, in words for who tried. */
export function pictureWords(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!(error instanceof UploadError)) return wordsFor(error);
  switch (error.code) {
    case 'rejected':
      return REJECTIONS[error.rejection ?? 'failed'];
    case 'refused':
      return 'It was not taken. Please try again.';
    case 'network':
      return 'The connection broke. Please try again.';
    case 'late':
      return 'The shop is busy and has not looked at it. Please try again later.';
  }
}

/** Whether the same file may get there after all: not when the shop, or this page, has looked at it and refused it. */
export function isWorthAnotherTry(error: unknown): boolean {
  if (typeof error === 'string') return false;
  if (!(error instanceof UploadError) || error.rejection === undefined) return true;
  return ['missing', 'size', 'checksum'].includes(error.rejection);
}

/** A list with one of its items at another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length) return [...items];
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
