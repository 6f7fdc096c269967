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
    const now = clock();
    const before = new Date(now.getTime() - QUIET_MS);
    for (const { _id } of await imports.quiet(before, BATCH)) await queues.enqueue(importCsvJob, { importId: _id });
    for (const { _id } of await exports.quiet(before, now, BATCH))
      await queues.enqueue(exportCsvJob, { exportId: _id });
    await imports.removeBefore(new Date(now.getTime() - IMPORTS_KEPT_MS));
    for (const { _id } of await exports.expired(now, BATCH)) {
      if (signal.aborted) return;
      const isGone = await files.remove(exportKey(_id)).then(
        () => true,
        () => false,
      );
      // While its file can't be removed it is kept as something to remove, and the others have their turn.
      if (isGone) await exports.remove(_id);
      else await exports.finish(_id, { state: 'failed', changedAt: now });
    }
  };
}
