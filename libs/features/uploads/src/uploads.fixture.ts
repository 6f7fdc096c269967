import { createHash } from 'node:crypto';
import { createSilentLogger } from '@cartwright/platform-logger';
import { collectingOutbox, collectingQueues, fixedClock, testFiles, testMongo } from '@cartwright/testkit';
import sharp from 'sharp';
import { createUploads } from './create-uploads.ts';
import { uploadKey } from './upload-keys.ts';
import type { UploadPurpose } from './upload-purposes.ts';

export const STAFF = { userId: 'staff', role: 'staff' } as const;

/** A picture of one colour. */
export const picture = (width = 600, height = 300, format: 'png' | 'jpeg' | 'webp' = 'png'): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: 20, g: 90, b: 200 } } })
    .toFormat(format)
    .toBuffer();

/** Uploads on a database of their own, with a bucket of their own. The clock is near the true time: signatures hold by that. */
export async function uploadsFixture() {
  const { mongo, ...db } = await testMongo();
  const files = await testFiles();
  const { store } = files;
  const [outbox, queues] = [collectingOutbox(), collectingQueues()];
  const clock = fixedClock(new Date().toISOString());
  const all = createUploads({ mongo, outbox, queues, store, logger: createSilentLogger(), clock });
  await mongo.ensureIndexes();

  const announce = (bytes: Buffer, contentType: string, purpose: UploadPurpose = 'product_image') => ({
    ...{ purpose, contentType, size: bytes.byteLength },
    checksumSha256: createHash('sha256').update(bytes).digest('base64'),
  });
  /** Announces these bytes and puts them where they belong. Answers the id. */
  async function upload(
    bytes: Buffer,
    contentType = 'image/png',
    purpose: UploadPurpose = 'product_image',
  ): Promise<string> {
    const { uploadId, method, url, headers } = await all.uploads.presign(STAFF, announce(bytes, contentType, purpose));
    const answer = await fetch(url, { method, headers, body: bytes });
    if (!answer.ok) throw new Error(await answer.text());
    return uploadId;
  }
  /** As the worker does. */
  const process = (uploadId: string): Promise<void> => all.processors['uploads.verify']({ uploadId }, {} as never);

  return {
    ...{ ...all, mongo, store, outbox, queues, clock, announce, upload, process },
    sweep: () => all.processors['uploads.sweep']({}, { signal: new AbortController().signal } as never),
    /** Uploads, completes and has it looked at; answers what became of it. */
    async whole(...file: Parameters<typeof upload>) {
      const uploadId = await upload(...file);
      await all.uploads.complete(STAFF.userId, uploadId);
      await process(uploadId);
      return all.uploads.status(STAFF.userId, uploadId);
    },
    /** Puts other bytes in the place of an upload, as somebody who broke into the store could. */
    swap: (uploadId: string, body: Buffer) =>
      store.put({ key: uploadKey(uploadId), body, contentType: 'application/octet-stream' }),
    original: (uploadId: string) => store.head(uploadKey(uploadId)),
    async publicKeys(uploadId: string): Promise<string[]> {
      const keys: string[] = [];
      for await (const { key } of store.list(`public/pictures/${uploadId}/`)) keys.push(key);
      return keys;
    },
    [Symbol.asyncDispose]: async () => {
      await files[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

export type UploadsFixture = Awaited<ReturnType<typeof uploadsFixture>>;
