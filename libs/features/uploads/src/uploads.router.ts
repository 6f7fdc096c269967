import { authedProcedure, requirePermission, router } from '@cartwright/api-core';
import {
  listUploadsInput,
  listUploadsOutput,
  presignInput,
  presignOutput,
  removeUploadOutput,
  uploadIdInput,
  uploadSchema,
} from './uploads.contracts.ts';
import type { UploadAdmin } from './upload-admin.ts';
import type { UploadService } from './upload-service.ts';

/** `uploads.*`: files go from the browser to their store; the shop says where, and looks at them afterwards. */
export function createUploadsRouter({ uploads }: { uploads: UploadService }) {
  return router({
    // Which permission is needed depends on what the file is for. Takes no idempotency key: its answer is a secret.
    presign: authedProcedure
      .input(presignInput)
      .output(presignOutput)
      .mutation(({ ctx, input }) => uploads.presign(ctx.principal, input)),
    complete: authedProcedure
      .input(uploadIdInput)
      .output(uploadSchema)
      .mutation(({ ctx, input }) => uploads.complete(ctx.principal.userId, input.uploadId)),
    status: authedProcedure
      .input(uploadIdInput)
      .output(uploadSchema)
      .query(({ ctx, input }) => uploads.status(ctx.principal.userId, input.uploadId)),
    abort: authedProcedure
      .input(uploadIdInput)
      .output(uploadSchema)
      .mutation(({ ctx, input }) => uploads.abort(ctx.principal.userId, input.uploadId)),
  });
}

/** `admin.uploads.*`: the files of all users. */
export function createAdminUploadsRouter({ uploadAdmin }: { uploadAdmin: UploadAdmin }) {
  return router({
    list: requirePermission('uploads.manage', { personal: true, fields: ['state'] })
      .input(listUploadsInput)
      .output(listUploadsOutput)
      .query(({ input }) => uploadAdmin.list(input)),
    remove: requirePermission('uploads.manage', { target: { kind: 'upload', field: 'uploadId' } })
      .input(uploadIdInput)
      .output(removeUploadOutput)
      .mutation(async ({ input }) => {
        await uploadAdmin.remove(input.uploadId);
        return { ok: true } as const;
      }),
  });
}
