import type { RouterInputs, RouterOutputs } from './app-router.ts';
import type { Cartwright } from './client.ts';
import { isTemporary } from './errors.ts';
import { sendFile } from './send-file.ts';
import { UploadError } from './upload-error.ts';

export type UploadPurpose = RouterInputs['uploads']['presign']['purpose'];

export interface UploadOptions {
  purpose: UploadPurpose;
  /** The file's own type when absent; needed for one that has none. */
  contentType?: string;
  /** Told how much has left, from 0 to 1. */
  onProgress?: (share: number) => void;
  /** Gives the upload up: the promise rejects with the signal's reason, and nothing of the file is kept. */
  signal?: AbortSignal;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;
/** A file is looked at within a second or two, or a minute when a worker dies of it; after so long the shop has other worries. */
const PATIENCE_MS = 300_000;

/**
 * Uploads a file: announces it, puts it where the shop says, and waits until the shop has looked at it. Resolves with the
 * upload that is ready for use, in `admin.products.images.attach` or `admin.products.importCsv`. Rejects with a CartwrightError
 * when a call is refused, an UploadError when the file is, and the signal's reason when it was given up. Needs Web Crypto: a
 * page served by https, or from the own machine.
 */
export async function uploadFile(
  { api }: Pick<Cartwright, 'api'>,
  file: Blob,
  { purpose, contentType = file.type, onProgress, signal }: UploadOptions,
): Promise<RouterOutputs['uploads']['status']> {
  signal?.throwIfAborted();
  const checksumSha256 = await sha256(file);
  const announced = { purpose, contentType, size: file.size, checksumSha256 };
  const { uploadId, url, headers } = await api.uploads.presign.mutate(announced, options(signal));
  try {
    await sendFile({ url, headers, file, onProgress, signal });
    let upload = await api.uploads.complete.mutate({ uploadId }, options(signal));
    const deadline = Date.now() + PATIENCE_MS;
    for (let wait = FIRST_WAIT_MS; upload.state === 'uploaded' || upload.state === 'verifying'; wait *= 1.5) {
      if (Date.now() > deadline) throw new UploadError('late');
      await pause(Math.min(wait, LONGEST_WAIT_MS), signal);
      upload = await api.uploads.status.query({ uploadId }, options(signal)).catch((error: unknown) => {
        // The next look may find the shop again.
        if (isTemporary(error) && !signal?.aborted) return upload;
        throw error;
      });
    }
    if (upload.state === 'ready') return upload;
    throw new UploadError('rejected', upload.rejection);
  } catch (error) {
    // Otherwise it would count as under way for an hour.
    if (!(error instanceof UploadError && error.code === 'rejected')) {
      await api.uploads.abort.mutate({ uploadId }).catch(() => undefined);
    }
    if (signal?.aborted) throw signal.reason;
    throw error;
  }
}

const options = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

/** SHA-256 of a file, in base64. */
async function sha256(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
