import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/** Builds the search index anew from the catalog, beside the one in use. */
export const rebuildSearchJob = defineJob({
  queue: 'catalog',
  name: 'search.rebuild',
  payload: z.strictObject({}),
  attempts: 5,
  backoffMs: 1_000,
  // The check of the next minute asks for it again.
  keepFailed: false,
  key: () => 'all',
  exclusive: true,
});

/** Repeats every minute: a search index that is missing or of an earlier layout is built. */
export const checkSearchJob = defineJob({
  queue: 'catalog',
  name: 'search.check',
  payload: z.strictObject({}),
  attempts: 1,
  backoffMs: 1_000,
  budgetMs: 50_000,
  exclusive: true,
});

export const searchJobs = [rebuildSearchJob, checkSearchJob] as const;
