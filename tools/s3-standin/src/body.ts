import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

const LARGEST_BYTES = 100 * 1_024 * 1_024;

/**
 * Reads a body whole and compares it with what was said of it: its length, the hash that the signature covers, and the
 * checksum header. Throws S3Error; nothing is kept then.
 */
export async function readBody(request: IncomingMessage, payloadHash: string | null): Promise<Buffer> {
  const announced = request.headers['content-length'];
  if (announced === undefined) throw new S3Error('MissingContentLength', 'You must provide the Content-Length header.');
  if (Number(announced) > LARGEST_BYTES) throw new S3Error('EntityTooLarge', 'The object is too large.');
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);

  const digest = createHash('sha256').update(bytes).digest();
  if (payloadHash !== null && digest.toString('hex') !== payloadHash) {
    throw new S3Error('XAmzContentSHA256Mismatch', 'The provided x-amz-content-sha256 does not match the body.');
  }
  const checksum = request.headers['x-amz-checksum-sha256'];
  if (checksum !== undefined && checksum !== digest.toString('base64')) {
    throw new S3Error('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
  }
  return bytes;
}
