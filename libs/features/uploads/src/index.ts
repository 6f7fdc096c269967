export * from './uploads.contracts.ts';
export { createUploads } from './create-uploads.ts';
export { UPLOAD_PURPOSES } from './upload-purposes.ts';
export type { UploadPurpose } from './upload-purposes.ts';
export type { UploadAdmin } from './upload-admin.ts';
export type { UploadService } from './upload-service.ts';
export type { UploadUse } from './upload-use.ts';
export { createAdminUploadsRouter, createUploadsRouter } from './uploads.router.ts';
export { uploadJobs, sweepUploads } from './uploads.jobs.ts';
