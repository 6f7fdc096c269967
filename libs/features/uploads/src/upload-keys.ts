import { PRIVATE_PREFIX, PUBLIC_PREFIX } from '@cartwright/platform-s3';

/** Below it lies what was uploaded, as it came. Keys are made of our ids alone: nobody else has a say in them. */
export const UPLOADS_PREFIX = `${PRIVATE_PREFIX}uploads/`;

/** Where an upload goes, and is read from by us alone. */
export const uploadKey = (id: string): string => `${UPLOADS_PREFIX}${id}`;

/** Where anybody reads a picture that was made anew. Its width stands in the address, so that pages can choose one. */
export const pictureKey = (id: string, width: number): string => `${PUBLIC_PREFIX}pictures/${id}/${width}.webp`;

/** Below it lie all widths of a picture. */
export const picturePrefix = (id: string): string => `${PUBLIC_PREFIX}pictures/${id}/`;
