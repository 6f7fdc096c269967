import { isDomainError, type Reason } from '@cartwright/domain-errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPEN_UPLOADS_MAX } from './upload-purposes.ts';
import { presignInput } from './uploads.contracts.ts';
import { picture, STAFF, uploadsFixture, type UploadsFixture } from './uploads.fixture.ts';

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
let files: UploadsFixture;
beforeAll(async () => {
  files = await uploadsFixture();
});
afterAll(() => files[Symbol.asyncDispose]());

describe('an upload', () => {
  it('goes from its announcement to pictures in all widths that it is wide enough for', async () => {
    const bytes = await picture(1_000, 500);
    const uploadId = await files.upload(bytes);
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'presigned', size: bytes.byteLength });
    expect(await files.uploads.complete('staff', uploadId)).toMatchObject({ state: 'uploaded' });
    expect(files.outbox.events.at(-1)).toMatchObject({ event: { type: 'upload.completed' }, payload: { uploadId } });
    expect(await files.publicKeys(uploadId)).toEqual([]);
    await files.process(uploadId);

    const ready = await files.uploads.status('staff', uploadId);
    expect(ready).toMatchObject({ state: 'ready', picture: { width: 1_000, height: 500 } });
    expect(ready.picture?.variants.map(({ width }) => width)).toEqual([160, 480, 960, 1_000]);
    expect(ready.picture?.url).toMatch(new RegExp(`/public/pictures/${uploadId}/1000\\.webp$`));
    for (const { url } of ready.picture?.variants ?? []) {
      const answer = await fetch(url);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
      expect(answer.headers.get('cache-control')).toContain('immutable');
    }
    // What it was made of is gone: nothing can be made of it again.
    expect(await files.original(uploadId)).toBeNull();
  });

  it('is completed once, however often that is said, and not before its file is there', async () => {
    const early = await files.uploads.presign(STAFF, files.announce(await picture(), 'image/png'));
    await expect(files.uploads.complete('staff', early.uploadId)).rejects.toSatisfy(refuses('UPLOAD_INCOMPLETE'));
    const uploadId = await files.upload(await picture());
    const before = files.outbox.events.length;
    await Promise.all(Array.from({ length: 5 }, () => files.uploads.complete('staff', uploadId)));
    expect(files.outbox.events.length - before).toBe(1);
    await files.process(uploadId);
    expect(await files.uploads.complete('staff', uploadId)).toMatchObject({ state: 'ready' });
    expect(files.outbox.events.length - before).toBe(1);
  });

  it('keeps a list of products as it came, to be taken by its uploader for that purpose alone', async () => {
    const csv = Buffer.from('slug,title\nlamp,"Lämpe"\n');
    const { uploadId, state } = await files.whole(csv, 'text/csv', 'catalog_import');
    expect(state).toBe('ready');
    const wanted = { uploadId, userId: 'staff', purpose: 'catalog_import' } as const;
    const { size, read } = await files.uploadUse.take(wanted);
    expect([size, await read()]).toEqual([csv.byteLength, csv]);
    for (const other of [{ userId: 'else' }, { purpose: 'product_image' as const }, { uploadId: 'none' }]) {
      await expect(files.uploadUse.take({ ...wanted, ...other })).rejects.toSatisfy(refuses('NOT_FOUND'));
    }
    await files.uploads.abort('staff', uploadId);
    await expect(files.uploadUse.take(wanted)).rejects.toSatisfy(refuses('UPLOAD_NOT_READY'));
    await expect(read()).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('is nobody else’s', async () => {
    const uploadId = await files.upload(await picture());
    for (const call of [files.uploads.complete, files.uploads.status, files.uploads.abort]) {
      await expect(call('stranger', uploadId)).rejects.toSatisfy(refuses('NOT_FOUND'));
    }
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'presigned' });
  });

  it('is given up with its files, whatever it has come to', async () => {
    const waiting = await files.upload(await picture());
    const { uploadId: ready } = await files.whole(await picture());
    for (const id of [waiting, ready]) {
      expect(await files.uploads.abort('staff', id)).toMatchObject({ state: 'aborted' });
      expect([await files.original(id), await files.publicKeys(id)]).toEqual([null, []]);
      expect(await files.uploads.abort('staff', id)).toMatchObject({ state: 'aborted' });
      expect(await files.uploads.complete('staff', id)).toMatchObject({ state: 'aborted' });
      await files.process(id);
      expect(await files.uploads.status('staff', id)).toMatchObject({ state: 'aborted' });
    }
  });
});

describe('an announcement', () => {
  const presign = async (change: object, role: 'customer' | 'staff' = 'staff') =>
    files.uploads.presign(
      { userId: 'announcer', role },
      { ...files.announce(await picture(), 'image/png'), ...change },
    );

  it('is one of types and sizes that the purpose takes, by somebody who may', async () => {
    await expect(presign({}, 'customer')).rejects.toSatisfy(refuses('FORBIDDEN'));
    for (const contentType of ['image/svg+xml', 'text/html', 'image/gif', 'text/csv']) {
      await expect(presign({ contentType })).rejects.toSatisfy(refuses('INVALID_INPUT'));
    }
    await expect(presign({ size: 10_000_001 })).rejects.toSatisfy(refuses('INVALID_INPUT'));
    await expect(presign({ purpose: 'catalog_import', contentType: 'text/csv', size: 20_000_001 })).rejects.toSatisfy(
      refuses('INVALID_INPUT'),
    );
    expect(await presign({ size: 10_000_000 })).toMatchObject({ method: 'PUT' });
  });

  it('names no key: that is ours to choose', async () => {
    const { uploadId, url } = await presign({});
    expect(new URL(url).pathname).toMatch(new RegExp(`/private/uploads/${uploadId}$`));
    const good = files.announce(await picture(), 'image/png');
    for (const key of ['../public/x', 'public/x']) expect(presignInput.safeParse({ ...good, key }).success).toBe(false);
    for (const wrong of [
      { size: 0 },
      { size: 1.5 },
      { size: -1 },
      { purpose: 'avatar' },
      { checksumSha256: 'x' },
      { checksumSha256: 'a'.repeat(64) },
      { contentType: 'x'.repeat(101) },
    ]) {
      expect(presignInput.safeParse({ ...good, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
    }
  });

  it('holds for its bytes alone: no other size, type or bytes get in', async () => {
    const bytes = await picture();
    const { uploadId, url, headers } = await files.uploads.presign(STAFF, files.announce(bytes, 'image/png'));
    const put = (body: Buffer, change: Record<string, string> = {}) =>
      fetch(url, { method: 'PUT', headers: { ...headers, ...change }, body }).then(({ ok }) => ok);
    const other = Buffer.from(bytes);
    other.writeUInt8(1, bytes.byteLength - 20);
    expect(await put(Buffer.concat([bytes, Buffer.alloc(1)]))).toBe(false);
    expect(await put(bytes.subarray(1))).toBe(false);
    expect(await put(other)).toBe(false);
    expect(await put(bytes, { 'content-type': 'text/html' })).toBe(false);
    await expect(files.uploads.complete('staff', uploadId)).rejects.toSatisfy(refuses('UPLOAD_INCOMPLETE'));
    expect(await put(bytes)).toBe(true);
  });

  it('is counted, also of many at once, until the file is used or given up', async () => {
    const busy = { userId: 'busy', role: 'staff' } as const;
    const announced = files.announce(Buffer.from('a'), 'image/png');
    const room = 5;
    for (let count = room; count < OPEN_UPLOADS_MAX; count += 1) await files.uploads.presign(busy, announced);
    const tries = Array.from({ length: 3 * room }, () => files.uploads.presign(busy, announced));
    const outcomes = await Promise.allSettled(tries);
    const taken = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.uploadId] : []));
    expect(taken).toHaveLength(room);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toSatisfy(refuses('TOO_MANY_UPLOADS'));
    }
    await files.uploads.abort('busy', taken[0] ?? '');
    await files.uploads.presign(busy, announced);
    const heavy = { userId: 'heavy', role: 'staff' } as const;
    const large = { ...announced, purpose: 'catalog_import', contentType: 'text/csv', size: 20_000_000 } as const;
    for (let count = 0; count < 25; count += 1) await files.uploads.presign(heavy, large);
    await expect(files.uploads.presign(heavy, announced)).rejects.toSatisfy(refuses('TOO_MANY_UPLOADS'));
  });
});
