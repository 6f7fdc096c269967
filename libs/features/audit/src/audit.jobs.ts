import type { Logger } from '@cartwright/platform-logger';
import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';
import type { AuditLog } from './audit-log.ts';

/** Repeating: makes entries of actions whose process died in the middle. */
export const sweepAudit = defineJob({
  queue: 'maintenance',
  name: 'audit.sweep',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  // Less than until the next one.
  budgetMs: 50_000,
  exclusive: true,
});

export const auditJobs = [sweepAudit] as const;

/** Processors of `auditJobs`. */
export function createAuditProcessors({ log, logger }: { log: Pick<AuditLog, 'sweep'>; logger: Pick<Logger, 'warn'> }) {
  return {
    'audit.sweep': async (_payload: object, { signal }: { signal?: AbortSignal }): Promise<void> => {
      const found = await log.sweep(signal);
      if (found > 0) logger.warn({ found }, 'actions of unknown outcome recorded');
    },
  };
}
