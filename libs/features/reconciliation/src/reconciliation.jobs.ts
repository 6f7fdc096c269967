import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/** Brings a run to its end. One whose worker died is taken up where it stood. In a queue of its own, since it takes long. */
export const reconcileJob = defineJob({
  queue: 'reconciliation',
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

/** Repeating: the run that is under way, if its job was lost. */
export const sweepReconciliationJob = defineJob({
  queue: 'maintenance',
  name: 'reconciliation.sweep',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  exclusive: true,
});

export const reconciliationJobs = [reconcileJob, reconcileNightlyJob, sweepReconciliationJob] as const;
