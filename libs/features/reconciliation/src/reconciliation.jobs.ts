import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/** Brings a run to its end. One whose worker died is taken up where it stood. */
export const reconcileJob = defineJob({
  queue: 'maintenance',
  name: 'reconciliation.run',
  payload: z.strictObject({ reportId: z.string() }),
  attempts: 8,
  backoffMs: 5_000,
  key: ({ reportId }) => reportId,
});

/** Begins a run each night, unless one is under way. */
export const reconcileNightlyJob = defineJob({
  queue: 'maintenance',
  name: 'reconciliation.start-nightly',
  payload: z.object({}),
  attempts: 5,
  backoffMs: 5_000,
});

export const reconciliationJobs = [reconcileJob, reconcileNightlyJob] as const;
