import { isDomainError } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import type { ObjectStore } from '@cartwright/platform-s3';
import { discardFiles } from './discard-files.ts';
import { pictureKey, uploadKey } from './upload-keys.ts';
import type { UploadDoc } from './upload.model.ts';
import type { UploadRepository } from './upload-repository.ts';
import type { Rejection, UploadState } from './uploads.contracts.ts';
import { verify, type Verdict } from './verification.ts';

/** A file at which workers died or failed so often is looked at no more. */
const ATTEMPTS_MAX = 8;
/** A picture's address never shows another one. */
const FOREVER = 'public, max-age=31536000, immutable';

/** Looking at files that were uploaded. */
export function createUploadProcessing({
  uploads,
  store,
  logger,
  clock,
}: {
  uploads: Pick<UploadRepository, 'move' | 'byId'>;
  store: Pick<ObjectStore, 'read' | 'put' | 'remove' | 'list'>;
  logger: Pick<Logger, 'info'>;
  clock: () => Date;
}) {
  async function look(doc: UploadDoc): Promise<Verdict> {
    let bytes: Buffer | null;
    try {
      bytes = await store.read(uploadKey(doc._id), { maxBytes: doc.size });
    } catch (error) {
      if (error instanceof RangeError) return { fit: false, rejection: 'size' };
      throw error;
    }
    return bytes === null ? { fit: false, rejection: 'missing' } : verify(doc, bytes);
  }

  async function reject(doc: UploadDoc, rejection: Rejection): Promise<void> {
    const change = { $set: { state: 'rejected' as const, rejection, changedAt: clock() } };
    const rejected = await uploads.move(doc._id, ['uploaded', 'verifying'], change);
    if (!rejected) return;
    logger.info({ uploadId: doc._id, purpose: doc.purpose, rejection }, 'an upload was refused');
    await store.remove(uploadKey(doc._id));
  }

  /** Nothing that somebody gave up meanwhile stays readable. */
  async function takeBack(id: string): Promise<void> {
    const now = await uploads.byId(id);
    if (now?.state === 'ready') return;
    await discardFiles(store, id);
  }

  async function settle(doc: UploadDoc, verdict: Verdict): Promise<void> {
    const { _id: id } = doc;
    if (!verdict.fit) return reject(doc, verdict.rejection);
    for (const { width, bytes } of verdict.pictures) {
      const key = pictureKey(id, width);
      await store.put({ key, body: bytes, contentType: 'image/webp', cacheControl: FOREVER });
    }
    const widest = verdict.pictures.at(-1);
    const picture = widest && { height: widest.height, widths: verdict.pictures.map(({ width }) => width) };
    const state: UploadState = 'ready';
    const ready = await uploads.move(id, ['verifying'], {
      $set: { state, changedAt: clock(), ...(picture ? { picture } : {}) },
    });
    if (!ready) return takeBack(id);
    // The picture is made; what it was made of could hold anything, and nobody needs it any more.
    if (picture) await store.remove(uploadKey(id));
  }

  return {
    /**
     * Looks at a file and makes it ready or rejected; one that is neither uploaded nor being looked at is left alone. Runs
     * again after a crash, wherever that was: what is made goes to the same places. Rejects when the store is away.
     */
    async process(id: string): Promise<void> {
      const begin = { $set: { state: 'verifying' as const, changedAt: clock() }, $inc: { attempts: 1 } };
      const doc = await uploads.move(id, ['uploaded', 'verifying'], begin);
      if (!doc) return;
      if (doc.attempts > ATTEMPTS_MAX) return reject(doc, 'failed');
      try {
        await settle(doc, await look(doc));
      } catch (error) {
        // A store that is away says nothing of the file. All else may come of it each time, and has to end.
        if (isDomainError(error, 'SERVICE_UNAVAILABLE')) {
          await uploads.move(id, ['verifying'], { $inc: { attempts: -1 } });
        }
        throw error;
      }
    },
  };
}

export type UploadProcessing = ReturnType<typeof createUploadProcessing>;
