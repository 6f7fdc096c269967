import { randomBytes } from 'node:crypto';

/** An id as the shop makes them: by time, then by chance. */
export const newId = (): string =>
  Math.floor(Date.now() / 1_000)
    .toString(16)
    .padStart(8, '0') + randomBytes(8).toString('hex');
