import type { Permission } from '@cartwright/domain-permissions';
import { PICTURE_TYPES } from '@cartwright/platform-images';

const MEGABYTE = 1_000_000;

/** What a file may be uploaded for: who may, of which types and how large, in bytes. */
export const UPLOAD_PURPOSES = {
  product_image: { permission: 'catalog.write', contentTypes: PICTURE_TYPES, maxBytes: 10 * MEGABYTE },
  catalog_import: { permission: 'catalog.write', contentTypes: ['text/csv'], maxBytes: 20 * MEGABYTE },
} as const satisfies Record<string, { permission: Permission; contentTypes: readonly string[]; maxBytes: number }>;

export type UploadPurpose = keyof typeof UPLOAD_PURPOSES;

/** What one user may have under way: files that are not used yet, and their bytes. */
export const OPEN_UPLOADS_MAX = 100;
export const OPEN_BYTES_MAX = 500 * MEGABYTE;

/** How long an address takes its file. */
export const PUT_SECONDS = 15 * 60;

/** The widths in which pictures are made, in pixels: thumbnails, cards, product pages and twice as sharp ones. */
export const PICTURE_WIDTHS = [160, 480, 960, 1_600] as const;
/** What the largest cameras of phones make; opened, a quarter of a gigabyte. */
export const PICTURE_PIXELS_MAX = 60_000_000;
export const PICTURE_SIDE_MAX = 16_000;
