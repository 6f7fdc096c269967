import type { RouterOutputs } from './app-router.ts';

/** Why the shop refused a file, once it had looked at it. */
export type UploadRejection = NonNullable<RouterOutputs['uploads']['status']['rejection']>;

/**
 * rejected: the shop looked at the file and refused it, see `rejection`. refused: its store didn't take it. network: it did
 * not arrive. late: nobody looked at it for minutes.
 */
export type UploadErrorCode = 'rejected' | 'refused' | 'network' | 'late';

/** A file could not be uploaded, though the shop was ready to take it. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: UploadErrorCode;
  readonly rejection: UploadRejection | undefined;

  constructor(code: UploadErrorCode, rejection?: UploadRejection) {
    super(rejection === undefined ? `The upload failed: ${code}` : `The file was rejected: ${rejection}`);
    this.code = code;
    this.rejection = rejection;
  }
}
