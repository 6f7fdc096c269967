import { randomBytes } from 'node:crypto';

/** An id of the shape that the shop's have. */
export const newId = (): string => randomBytes(12).toString('hex');
