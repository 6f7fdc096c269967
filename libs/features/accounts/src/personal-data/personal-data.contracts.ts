import { z } from 'zod';

export const exportStatusOutput = z.object({
  status: z.enum(['none', 'pending', 'ready', 'failed']),
  requestedAt: z.date().optional(),
  /** When the copy is deleted. */
  expiresAt: z.date().optional(),
  /** Good for a few minutes and for this session alone; ask for the status again to get another. */
  download: z.object({ url: z.string(), expiresAt: z.date(), bytes: z.number() }).optional(),
});

export type ExportStatusDto = z.infer<typeof exportStatusOutput>;
