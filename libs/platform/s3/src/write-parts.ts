import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { answered } from './errors.ts';

export interface PartsTarget {
  client: S3Client;
  /** One that waits so long, in milliseconds, for a store that says nothing. */
  clientFor: (patienceMs: number) => S3Client;
  at: { Bucket: string; Key: string };
  contentType: string;
  /** How long sending so many bytes may take. */
  patienceFor: (bytes: number) => number;
}

/**
 * Begins an object that is sent in parts. It is there, in place of the one that had its key, once `complete` resolves, and not
 * before; after `abort` there is nothing of it. Rejects with SERVICE_UNAVAILABLE while the store can't be had.
 */
export async function beginParts({ client, clientFor, at, contentType, patienceFor }: PartsTarget) {
  const begun = await answered(client.send(new CreateMultipartUploadCommand({ ...at, ContentType: contentType })));
  const upload = { ...at, UploadId: begun.UploadId };
  const parts: CompletedPart[] = [];
  let bytes = 0;

  return {
    /** All but the last have five megabytes at least: S3 refuses smaller ones when it is completed. */
    async send(body: Buffer): Promise<void> {
      const PartNumber = parts.length + 1;
      const part = { PartNumber, Body: body, ContentLength: body.byteLength };
      const sent = client.send(new UploadPartCommand({ ...upload, ...part }), {
        requestTimeout: patienceFor(body.byteLength),
      });
      const { ETag } = await answered(sent);
      parts.push({ PartNumber, ETag });
      bytes += body.byteLength;
    },
    async complete(): Promise<void> {
      const completed = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } });
      // Some stores put the parts together before they say a word.
      const patient = clientFor(patienceFor(bytes));
      try {
        await answered(patient.send(completed));
      } finally {
        patient.destroy();
      }
    },
    /** Never rejects: what a store that is away keeps of it, the bucket's lifecycle rule removes. */
    abort: (): Promise<void> =>
      client.send(new AbortMultipartUploadCommand(upload)).then(
        () => undefined,
        () => undefined,
      ),
  };
}
