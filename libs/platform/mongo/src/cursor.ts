import type { z } from 'zod';
import { DomainError } from '@cartwright/domain-errors';

const CURSOR_LENGTH_MAX = 1_000;

/** Makes an opaque page cursor (base64url of JSON) of the sort values of the last item. */
export const encodeCursor = (position: unknown): string =>
  Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');

/** Reads a cursor back. Throws CURSOR_INVALID for anything that isn't a cursor of this list, forged ones included. */
export const decodeCursor = <T>(cursor: string, schema: z.ZodType<T>): T => {
  if (cursor.length > CURSOR_LENGTH_MAX) throw new DomainError('CURSOR_INVALID');
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new DomainError('CURSOR_INVALID');
  }
  const parsed = schema.safeParse(position);
  if (!parsed.success) throw new DomainError('CURSOR_INVALID');
  return parsed.data;
};
