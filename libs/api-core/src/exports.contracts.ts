import { z } from 'zod';
import { idSchema } from './common.contracts.ts';

export const exportStatusInput = z.strictObject({ exportId: idSchema });

/** A file that a worker writes; each kind adds under a name of its own how much of it is written. */
export const exportStatusSchema = z.object({
  id: z.string(),
  state: z.enum(['pending', 'done', 'failed']),
  /** How much there is to write; absent until a worker begins. */
  total: z.number().int().optional(),
  /** Downloads it, for a few minutes; ask again for another. */
  url: z.string().optional(),
  createdAt: z.date(),
  /** When the file is deleted. */
  expiresAt: z.date(),
});
