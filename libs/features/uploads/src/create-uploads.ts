import type { Logger } from '@cartwright/platform-logger';
import type { Mongo } from '@cartwright/platform-mongo';
import { defineOutsideHandler, type Outbox } from '@cartwright/platform-outbox';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { ObjectStore } from '@cartwright/platform-s3';
import { createUploadAdmin } from './upload-admin.ts';
import { createUploadProcessing } from './upload-processing.ts';
import { createUploadRepository } from './upload-repository.ts';
import { createUploadService } from './upload-service.ts';
import { createUploadSweep } from './upload-sweep.ts';
import { createUploadUse } from './upload-use.ts';
import { createUploadModels } from './upload.model.ts';
import { uploadCompleted } from './uploads.events.ts';
import { verifyUpload, type uploadJobs } from './uploads.jobs.ts';

/** Uploads put together: what users do, what the worker does, what administrators and other features do. */
export function createUploads({
  mongo,
  ...ports
}: {
  mongo: Mongo;
  outbox: Pick<Outbox, 'append'>;
  queues: Pick<Queues, 'enqueue'>;
  store: ObjectStore;
  logger: Logger;
  clock: () => Date;
}) {
  const uploads = createUploadRepository(createUploadModels(mongo.connection));
  const processing = createUploadProcessing({ uploads, ...ports });
  const { sweep } = createUploadSweep({ uploads, ...ports });
  const processors: ProcessorsFor<typeof uploadJobs> = {
    'uploads.verify': ({ uploadId }) => processing.process(uploadId),
    'uploads.sweep': (_payload, { signal }) => sweep(signal),
  };
  return {
    uploads: createUploadService({ mongo, uploads, ...ports }),
    uploadUse: createUploadUse({ uploads, ...ports }),
    uploadAdmin: createUploadAdmin({ uploads, ...ports }),
    processors,
    handlers: [
      defineOutsideHandler({
        name: 'uploads.verify-completed',
        event: uploadCompleted,
        handle: ({ payload }) => ports.queues.enqueue(verifyUpload, payload),
      }),
    ],
  };
}
