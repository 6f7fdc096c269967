import { DomainError, notFound } from '@cartwright/domain-errors';
import type { Tx } from '@cartwright/platform-mongo';
import type { ObjectStore } from '@cartwright/platform-s3';
import { uploadKey } from './upload-keys.ts';
import { pictureUrl } from './upload-mapping.ts';
import type { UploadDoc } from './upload.model.ts';
import type { UploadPurpose } from './upload-purposes.ts';
import type { UploadRepository } from './upload-repository.ts';

/** A file that somebody uploaded for something. */
interface Wanted {
  uploadId: string;
  userId: string;
  purpose: UploadPurpose;
}

/** What other features do with uploads that are ready. Somebody else's upload is one that isn't there. */
export function createUploadUse({
  uploads,
  store,
  clock,
}: {
  uploads: Pick<UploadRepository, 'byId' | 'byProduct' | 'replace' | 'hold' | 'release'>;
  store: Pick<ObjectStore, 'read' | 'publicUrl'>;
  clock: () => Date;
}) {
  async function ready({ uploadId, userId, purpose }: Wanted, tx?: Tx): Promise<UploadDoc> {
    const doc = await uploads.byId(uploadId, tx);
    if (doc?.userId !== userId || doc.purpose !== purpose) throw notFound('upload');
    if (doc.state === 'ready') return doc;
    const { state, rejection } = doc;
    throw new DomainError('UPLOAD_NOT_READY', { state, ...(rejection === undefined ? {} : { rejection }) });
  }

  return {
    /**
     * A file that was uploaded for this purpose: its size in bytes, and its bytes when they are wanted. It may be taken
     * again for a day, and longer while somebody holds it. Throws NOT_FOUND, UPLOAD_NOT_READY, and on reading SERVICE_UNAVAILABLE while the store is away.
     */
    async take(wanted: Wanted): Promise<{ size: number; read: () => Promise<Buffer> }> {
      const doc = await ready(wanted);
      return {
        size: doc.size,
        read: async () => {
          const bytes = await store.read(uploadKey(doc._id), { maxBytes: doc.size });
          if (bytes === null) throw notFound('upload');
          return bytes;
        },
      };
    },

    /**
     * Keeps a file until whoever holds it releases it: nobody can give it up meanwhile. `holder` is an id of theirs; again,
     * it changes nothing. Throws NOT_FOUND, UPLOAD_NOT_READY.
     */
    async hold(wanted: Wanted, holder: string, tx: Tx): Promise<void> {
      await uploads.hold((await ready(wanted, tx))._id, holder, tx);
    },

    /** The holder needs it no more; one that holds nothing changes nothing. */
    release: (uploadId: string, holder: string, tx: Tx): Promise<void> => uploads.release(uploadId, holder, tx),

    /**
     * Gives a picture to a product, once: answers its address, also when that product has it already. Throws NOT_FOUND,
     * UPLOAD_NOT_READY, and IN_USE when it was ever given to another, or given back.
     */
    async attach(
      { uploadId, userId, productId }: { uploadId: string; userId: string; productId: string },
      tx: Tx,
    ): Promise<{ url: string }> {
      const doc = await ready({ uploadId, userId, purpose: 'product_image' }, tx);
      const isTaken = doc.productId !== undefined && (doc.productId !== productId || doc.detachedAt !== undefined);
      const url = pictureUrl(doc, store);
      if (isTaken || url === undefined) throw new DomainError('IN_USE', { what: 'upload' });
      if (doc.productId === undefined) await uploads.replace({ ...doc, productId, changedAt: clock() }, tx);
      return { url };
    },

    /**
     * Takes a picture back from a product. Its files stay: orders of that time show it. A picture that is no upload, as
     * those of the demo catalog, is nothing to do for.
     */
    async detach({ productId, url }: { productId: string; url: string }, tx: Tx): Promise<void> {
      const docs = await uploads.byProduct(productId, tx);
      const doc = docs.find((each) => each.detachedAt === undefined && pictureUrl(each, store) === url);
      if (doc) await uploads.replace({ ...doc, detachedAt: clock() }, tx);
    },
  };
}

export type UploadUse = ReturnType<typeof createUploadUse>;
