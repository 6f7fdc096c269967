import type { Logger } from '@cartwright/platform-logger';
import type { Queues } from '@cartwright/platform-queue';
import type { ObjectStore } from '@cartwright/platform-s3';
import { discardFiles } from './discard-files.ts';
import { uploadKey, UPLOADS_PREFIX } from './upload-keys.ts';
import { PUT_SECONDS } from './upload-purposes.ts';
import type { UploadDoc } from './upload.model.ts';
import type { UploadRepository } from './upload-repository.ts';
import { verifyUpload } from './uploads.jobs.ts';
import type { UploadState } from './uploads.contracts.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const BATCH = 200;

/** How long an upload may stay as it is. */
const LOST_AFTER_MS = 2 * MINUTE_MS;
const EXPIRED_AFTER_MS = PUT_SECONDS * 1_000 + 60 * MINUTE_MS;
const UNUSED_AFTER_MS = DAY_MS;
const FORGOTTEN_AFTER_MS = 7 * DAY_MS;

/** Tidying up after uploads that ended nowhere. */
export function createUploadSweep({
  uploads,
  store,
  queues,
  logger,
  clock,
}: {
  uploads: Pick<UploadRepository, 'stale' | 'move' | 'remove' | 'known'>;
  store: Pick<ObjectStore, 'remove' | 'list'>;
  queues: Pick<Queues, 'enqueue'>;
  logger: Pick<Logger, 'info'>;
  clock: () => Date;
}) {
  const stale = (states: readonly UploadState[], forMs: number): Promise<UploadDoc[]> =>
    uploads.stale(states, new Date(clock().getTime() - forMs), BATCH);

  /** Gives up those that stayed so long in a state that nobody will come for them. */
  async function giveUp(state: UploadState, afterMs: number, signal: AbortSignal): Promise<void> {
    for (const { _id: id } of await stale([state], afterMs)) {
      if (signal.aborted) return;
      const gone = await uploads.move(id, [state], { $set: { state: 'aborted', changedAt: clock() } });
      if (gone) await discardFiles(store, id);
    }
  }

  /** What an address was still good for after its upload was forgotten, or a restored database knows nothing of. */
  async function removeOrphans(signal: AbortSignal): Promise<void> {
    const old: string[] = [];
    for await (const { key, modifiedAt } of store.list(UPLOADS_PREFIX)) {
      if (clock().getTime() - modifiedAt.getTime() > DAY_MS) old.push(key.slice(UPLOADS_PREFIX.length));
      if (old.length === BATCH || signal.aborted) break;
    }
    if (old.length === 0) return;
    const known = await uploads.known(old);
    const orphans = old.filter((id) => !known.has(id));
    for (const id of orphans) await store.remove(uploadKey(id));
    if (orphans.length > 0) logger.info({ count: orphans.length }, 'files of no upload were removed');
  }

  return {
    /**
     * Has files looked at whose job was lost; gives up uploads that nobody finished within an hour, or used within a day;
     * forgets those that ended a week ago; removes files that belong to none. Until the signal, a batch of each.
     */
    async sweep(signal: AbortSignal): Promise<void> {
      for (const { _id } of await stale(['uploaded', 'verifying'], LOST_AFTER_MS)) {
        await queues.enqueue(verifyUpload, { uploadId: _id });
      }
      await giveUp('presigned', EXPIRED_AFTER_MS, signal);
      await giveUp('ready', UNUSED_AFTER_MS, signal);
      for (const { _id } of await stale(['rejected', 'aborted'], FORGOTTEN_AFTER_MS)) {
        if (signal.aborted) return;
        await discardFiles(store, _id);
        await uploads.remove(_id);
      }
      await removeOrphans(signal);
    },
  };
}

export type UploadSweep = ReturnType<typeof createUploadSweep>;
