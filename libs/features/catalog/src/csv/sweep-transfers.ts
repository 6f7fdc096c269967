import type { Exports } from '@cartwright/platform-exports';
import type { Queues } from '@cartwright/platform-queue';
import type { ProductWish } from './product-export.ts';
import { importCsvJob } from './transfer.jobs.ts';
import type { ImportRepository } from './import-repository.ts';

const QUIET_MS = 2 * 60_000;
const BATCH = 100;
const IMPORTS_KEPT_MS = 30 * 24 * 3_600_000;

/** Has imports and exports done whose job was lost, and removes what was kept long enough. Until the signal. */
export function createTransferSweep({
  imports,
  exports,
  queues,
  clock,
}: {
  imports: Pick<ImportRepository, 'quiet' | 'removeBefore'>;
  exports: Pick<Exports<ProductWish>, 'sweep'>;
  queues: Pick<Queues, 'enqueue'>;
  clock: () => Date;
}) {
  return async (signal: AbortSignal): Promise<void> => {
    const now = clock();
    const before = new Date(now.getTime() - QUIET_MS);
    for (const { _id } of await imports.quiet(before, BATCH)) await queues.enqueue(importCsvJob, { importId: _id });
    await imports.removeBefore(new Date(now.getTime() - IMPORTS_KEPT_MS));
    await exports.sweep(signal);
  };
}
