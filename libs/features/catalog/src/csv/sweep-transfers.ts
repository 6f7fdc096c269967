import type { Queues } from '@cartwright/platform-queue';
import type { FilesPort } from '../catalog.ports.ts';
import { exportKey } from './csv-transfers.ts';
import { exportCsvJob, importCsvJob } from './transfer.jobs.ts';
import type { TransferRepository } from './transfer-repository.ts';

const QUIET_MS = 2 * 60_000;
const BATCH = 100;
const IMPORTS_KEPT_MS = 30 * 24 * 3_600_000;

/** Has imports and exports done whose job was lost, and removes what was kept long enough. Until the signal. */
export function createTransferSweep({
  transfers: { imports, exports },
  queues,
  files,
  clock,
}: {
  transfers: TransferRepository;
  queues: Pick<Queues, 'enqueue'>;
  files: Pick<FilesPort, 'remove'>;
  clock: () => Date;
}) {
  return async (signal: AbortSignal): Promise<void> => {
    const before = new Date(clock().getTime() - QUIET_MS);
    for (const { _id } of await imports.quiet(before, BATCH)) await queues.enqueue(importCsvJob, { importId: _id });
    for (const { _id } of await exports.quiet(before, BATCH)) await queues.enqueue(exportCsvJob, { exportId: _id });
    await imports.removeBefore(new Date(clock().getTime() - IMPORTS_KEPT_MS));
    for (const { _id } of await exports.expired(clock(), BATCH)) {
      if (signal.aborted) return;
      await files.remove(exportKey(_id));
      await exports.remove(_id);
    }
  };
}
