import { DomainError, invalidInput, notFound } from '@cartwright/domain-errors';
import { can, type Role } from '@cartwright/domain-permissions';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { ObjectStore } from '@cartwright/platform-s3';
import { uploadKey } from './upload-keys.ts';
import { discardFiles } from './discard-files.ts';
import { toUpload } from './upload-mapping.ts';
import { OPEN_BYTES_MAX, OPEN_UPLOADS_MAX, PUT_SECONDS, UPLOAD_PURPOSES } from './upload-purposes.ts';
import type { UploadDoc } from './upload.model.ts';
import type { UploadRepository } from './upload-repository.ts';
import type { PresignDto, PresignInput, UploadDto } from './uploads.contracts.ts';
import { uploadCompleted } from './uploads.events.ts';

/** Who uploads. */
export interface Uploader {
  userId: string;
  role: Role;
}

/** What users do with their uploads. Somebody else's upload is one that isn't there. */
export function createUploadService({
  mongo,
  outbox,
  uploads,
  store,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  uploads: UploadRepository;
  store: Pick<ObjectStore, 'presignPut' | 'head' | 'remove' | 'list' | 'publicUrl'>;
  clock: () => Date;
}) {
  async function own(userId: string, id: string): Promise<UploadDoc> {
    const doc = await uploads.byId(id);
    if (doc?.userId !== userId) throw notFound('upload');
    return doc;
  }

  return {
    /**
     * Announces a file: answers where to put it, and takes exactly what was announced there. Throws FORBIDDEN without the
     * permission that the purpose asks for, INVALID_INPUT for a type or size that it doesn't take, TOO_MANY_UPLOADS.
     */
    async presign({ userId, role }: Uploader, input: PresignInput): Promise<PresignDto> {
      const { purpose, contentType, size, checksumSha256 } = input;
      const { permission, contentTypes, maxBytes } = UPLOAD_PURPOSES[purpose];
      if (!can(role, permission)) throw new DomainError('FORBIDDEN');
      if (!contentTypes.some((type) => type === contentType)) {
        throw invalidInput(`Files of these types are taken: ${contentTypes.join(', ')}`);
      }
      if (size > maxBytes) throw invalidInput(`A file may have ${maxBytes} bytes`);
      const now = clock();
      const doc: UploadDoc = {
        ...{ _id: newId(), userId, purpose, contentType, size, checksumSha256 },
        ...{ state: 'presigned', attempts: 0, createdAt: now, changedAt: now },
      };
      const target = await store.presignPut({
        ...{ key: uploadKey(doc._id), contentType, size, checksumSha256, expiresInSeconds: PUT_SECONDS },
      });
      await mongo.transaction(async (tx) => {
        await uploads.takeTurn(userId, tx);
        const { count, bytes } = await uploads.open(userId, tx);
        if (count >= OPEN_UPLOADS_MAX || bytes + size > OPEN_BYTES_MAX) {
          throw new DomainError('TOO_MANY_UPLOADS', { maximum: OPEN_UPLOADS_MAX, maximumBytes: OPEN_BYTES_MAX });
        }
        await uploads.insert(doc, tx);
      });
      const expiresAt = new Date(now.getTime() + PUT_SECONDS * 1_000);
      return { uploadId: doc._id, method: 'PUT', ...target, expiresAt };
    },

    /**
     * Says that the file is in its place, so that it is looked at; once, however often it is said. Throws NOT_FOUND,
     * UPLOAD_INCOMPLETE when no file is there.
     */
    async complete(userId: string, id: string): Promise<UploadDto> {
      const doc = await own(userId, id);
      if (doc.state !== 'presigned') return toUpload(doc, store);
      if ((await store.head(uploadKey(id))) === null) throw new DomainError('UPLOAD_INCOMPLETE');
      const now = clock();
      const moved = await mongo.transaction(async (tx) => {
        const change = { $set: { state: 'uploaded' as const, changedAt: now } };
        const after = await uploads.move(id, ['presigned'], change, tx);
        if (after) {
          const payload = { uploadId: id };
          await outbox.append(tx, [
            { event: uploadCompleted, aggregateId: id, aggregateVersion: 1, payload, occurredAt: now },
          ]);
        }
        return after;
      });
      return toUpload(moved ?? (await own(userId, id)), store);
    },

    /** How far an upload is. Throws NOT_FOUND. */
    status: async (userId: string, id: string): Promise<UploadDto> => toUpload(await own(userId, id), store),

    /**
     * Gives an upload up, with its files; a refused one stays as it is. Throws NOT_FOUND, and IN_USE when a product has
     * it or an import works with it.
     */
    async abort(userId: string, id: string): Promise<UploadDto> {
      const doc = await own(userId, id);
      if (doc.state === 'rejected' || doc.state === 'aborted') return toUpload(doc, store);
      const change = { $set: { state: 'aborted' as const, changedAt: clock() } };
      const aborted = await uploads.move(id, ['presigned', 'uploaded', 'verifying', 'ready'], change);
      if (!aborted) {
        const now = await own(userId, id);
        if (now.productId !== undefined || now.heldBy?.length) throw new DomainError('IN_USE', { what: 'upload' });
        return toUpload(now, store);
      }
      // Should this fail, the sweep does it.
      await discardFiles(store, id).catch(() => undefined);
      return toUpload(aborted, store);
    },
  };
}

export type UploadService = ReturnType<typeof createUploadService>;
