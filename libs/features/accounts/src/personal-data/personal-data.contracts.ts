import { z } from 'zod';

export const exportStatusOutput = z.object({
  status: z.enum(['none', 'pending', 'ready', 'failed']),
  requestedAt: z.date().optional(),
  /** When the copy is deleted. */
  expiresAt: z.date().optional(),
  /** Of the JSON, once it is ready. */
  bytes: z.number().optional(),
});
/** A plain link, good for a few minutes and for this session alone; ask again to get another. */
export const exportDownloadOutput = z.object({ url: z.string(), expiresAt: z.date(), bytes: z.number() });

export type ExportStatusDto = z.infer<typeof exportStatusOutput>;
export type ExportDownloadDto = z.infer<typeof exportDownloadOutput>;
