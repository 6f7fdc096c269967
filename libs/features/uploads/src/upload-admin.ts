import { DomainError, notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor } from '@cartwright/platform-mongo';
import type { ObjectStore } from '@cartwright/platform-s3';
import { z } from 'zod';
import { discardFiles } from './discard-files.ts';
import { toAdminUpload } from './upload-mapping.ts';
import type { UploadRepository } from './upload-repository.ts';
import type { ListUploadsInput } from './uploads.contracts.ts';

const markSchema = z.strictObject({ id: z.string().max(64) });

/** What administrators do with the uploads of all users. */
export function createUploadAdmin({
  uploads,
  store,
  clock,
}: {
  uploads: Pick<UploadRepository, 'page' | 'byId' | 'move' | 'remove'>;
  store: Pick<ObjectStore, 'publicUrl' | 'remove' | 'list'>;
  clock: () => Date;
}) {
  return {
    /** The newest first. */
    async list({ state, limit, cursor }: ListUploadsInput) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, markSchema).id;
      const docs = await uploads.page(state, limit, before);
      const page = docs.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map((doc) => toAdminUpload(doc, store)),
        nextCursor: docs.length > limit && last ? encodeCursor({ id: last._id }) : null,
      };
    },

    /**
     * Removes an upload's files for good; orders that show the picture show none then. Throws NOT_FOUND, and IN_USE while
     * a product has it or an import works with it.
     */
    async remove(id: string): Promise<void> {
      const doc = await uploads.byId(id);
      if (!doc) throw notFound('upload');
      if (doc.detachedAt !== undefined) {
        await discardFiles(store, id);
        return uploads.remove(id);
      }
      // Given up first: from then on nobody can take it, whatever happens here. It stays known as that for a week: what
      // a worker was just making of it, or a late sender puts to its address, is removed by the sweep.
      const change = { $set: { state: 'aborted' as const, changedAt: clock() } };
      const isOver = doc.state === 'rejected' || doc.state === 'aborted';
      const gone = isOver || (await uploads.move(id, ['presigned', 'uploaded', 'verifying', 'ready'], change));
      if (!gone) throw new DomainError('IN_USE', { what: 'upload' });
      await discardFiles(store, id);
    },
  };
}

export type UploadAdmin = ReturnType<typeof createUploadAdmin>;
