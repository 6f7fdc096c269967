import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/** Looks at a file that was uploaded, and makes it fit for use or refuses it. */
export const verifyUpload = defineJob({
  queue: 'uploads',
  name: 'uploads.verify',
  payload: z.object({ uploadId: z.string() }),
  attempts: 5,
  backoffMs: 1_000,
  key: ({ uploadId }) => uploadId,
  // The sweep makes it again, until the file has been looked at or nobody could.
  keepFailed: false,
});

/** Repeating: verification that was lost, uploads that nobody finished or used, and files that belong to none. */
export const sweepUploads = defineJob({
  queue: 'maintenance',
  name: 'uploads.sweep',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  // Less than until the next one.
  budgetMs: 50_000,
  exclusive: true,
});

/** The jobs of uploads, for the worker's catalog. */
export const uploadJobs = [verifyUpload, sweepUploads] as const;
