import { DomainError, isDomainError, type Reason } from '@cartwright/domain-errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUploadProcessing } from './upload-processing.ts';
import { createUploadRepository } from './upload-repository.ts';
import { createUploadModels } from './upload.model.ts';
import { picture, STAFF, uploadsFixture, type UploadsFixture } from './uploads.fixture.ts';

const HOUR_MS = 3_600_000;
const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
let files: UploadsFixture;
beforeEach(async () => {
  files = await uploadsFixture();
});
afterEach(() => files[Symbol.asyncDispose]());

/** The worker's part with a store that fails, or does something else first, at chosen calls. */
function processing(change: Partial<UploadsFixture['store']>) {
  const { mongo, store, clock } = files;
  const uploads = createUploadRepository(createUploadModels(mongo.connection));
  const logger = { info: () => undefined };
  return createUploadProcessing({ uploads, store: { ...store, ...change }, logger, clock });
}
const away = async (): Promise<never> => {
  throw new DomainError('SERVICE_UNAVAILABLE', { service: 'files' });
};

describe('looking at a file', () => {
  it('goes on after a failure wherever it was, and counts no failure of the store against the file', async () => {
    const uploadId = await files.upload(await picture());
    await files.uploads.complete('staff', uploadId);
    let puts = 0;
    const failing = processing({ put: (object) => (++puts % 3 === 0 ? away() : files.store.put(object)) });
    for (let time = 0; time < 12; time += 1) {
      await expect(processing({ read: away }).process(uploadId)).rejects.toSatisfy(refuses('SERVICE_UNAVAILABLE'));
      await failing.process(uploadId).catch(() => undefined);
      if ((await files.uploads.status('staff', uploadId)).state === 'ready') break;
    }
    await files.process(uploadId);
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'ready' });
    expect(await files.publicKeys(uploadId)).toHaveLength(3);
  });

  it('ends when workers die of it again and again', async () => {
    const uploadId = await files.upload(await picture());
    await files.uploads.complete('staff', uploadId);
    // A process that dies answers nothing: neither here.
    const dying = processing({ read: () => new Promise(() => undefined) });
    const attempts = () =>
      files.mongo.connection
        .collection<{ _id: string }>('uploads')
        .findOne({ _id: uploadId }, { projection: { attempts: 1 } });
    for (let time = 1; time <= 8; time += 1) {
      void dying.process(uploadId);
      await expect.poll(attempts).toMatchObject({ attempts: time });
    }
    await dying.process(uploadId);
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'rejected', rejection: 'failed' });
  });

  it('ends when it fails each time for another reason than an absent store', async () => {
    const uploadId = await files.upload(await picture());
    await files.uploads.complete('staff', uploadId);
    const failing = processing({ put: () => Promise.reject(new Error('Memory allocation error')) });
    for (let time = 1; time <= 8; time += 1) await expect(failing.process(uploadId)).rejects.toThrow(/Memory/);
    await failing.process(uploadId);
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'rejected', rejection: 'failed' });
  });

  it('leaves nothing readable of a picture that is given up meanwhile', async () => {
    const uploadId = await files.upload(await picture());
    await files.uploads.complete('staff', uploadId);
    let first = true;
    const late = processing({
      put: async (object) => {
        if (first) await files.uploads.abort('staff', uploadId);
        first = false;
        await files.store.put(object);
      },
    });
    await late.process(uploadId);
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'aborted' });
    expect(await files.publicKeys(uploadId)).toEqual([]);
  });

  it('does no harm to a picture that another worker has made ready', async () => {
    const uploadId = await files.upload(await picture());
    await files.uploads.complete('staff', uploadId);
    const slow = processing({
      put: async (object) => {
        await files.process(uploadId);
        await files.store.put(object);
      },
    });
    await slow.process(uploadId);
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'ready' });
    expect(await files.publicKeys(uploadId)).toHaveLength(3);
  });
});

describe('the sweep', () => {
  it('has files looked at whose job was lost', async () => {
    const uploadId = await files.upload(await picture());
    await files.uploads.complete('staff', uploadId);
    await files.sweep();
    expect(files.queues.jobs).toEqual([]);
    files.clock.advance(3 * 60_000);
    await files.sweep();
    expect(files.queues.jobs).toMatchObject([{ name: 'uploads.verify', payload: { uploadId } }]);
  });

  it('gives up what nobody finished or used, and forgets what ended; what a product has stays', async () => {
    const announced = await files.upload(await picture());
    const { uploadId: unused } = await files.whole(await picture());
    const { uploadId: used, picture: shown } = await files.whole(await picture());
    const attach = { uploadId: used, userId: 'staff', productId: 'p1' };
    await files.mongo.transaction((tx) => files.uploadUse.attach(attach, tx));
    files.clock.advance(HOUR_MS);
    await files.sweep();
    expect(await files.uploads.status('staff', announced)).toMatchObject({ state: 'presigned' });
    files.clock.advance(HOUR_MS);
    await files.sweep();
    expect(await files.uploads.status('staff', announced)).toMatchObject({ state: 'aborted' });
    expect(await files.original(announced)).toBeNull();
    expect(await files.uploads.status('staff', unused)).toMatchObject({ state: 'ready' });
    files.clock.advance(24 * HOUR_MS);
    await files.sweep();
    expect(await files.uploads.status('staff', unused)).toMatchObject({ state: 'aborted' });
    expect(await files.publicKeys(unused)).toEqual([]);
    files.clock.advance(8 * 24 * HOUR_MS);
    await files.sweep();
    for (const id of [announced, unused]) {
      await expect(files.uploads.status('staff', id)).rejects.toSatisfy(refuses('NOT_FOUND'));
    }
    expect(await files.uploads.status('staff', used)).toMatchObject({ state: 'ready' });
    expect((await fetch(shown?.url ?? '')).status).toBe(200);
  });

  it('leaves a file alone that somebody works with, as long as they do', async () => {
    const wanted = { userId: 'staff', purpose: 'catalog_import' } as const;
    const { uploadId } = await files.whole(Buffer.from('a,b'), 'text/csv', wanted.purpose);
    const { hold, release, take } = files.uploadUse;
    const held = (holder: string) => files.mongo.transaction((tx) => hold({ uploadId, ...wanted }, holder, tx));
    const released = (holder: string) => files.mongo.transaction((tx) => release(uploadId, holder, tx));
    for (const holder of ['one', 'two', 'one']) await held(holder);
    files.clock.advance(48 * HOUR_MS);
    await files.sweep();
    await released('one');
    await expect(files.uploads.abort('staff', uploadId)).rejects.toSatisfy(refuses('IN_USE'));
    await expect(files.uploadAdmin.remove(uploadId)).rejects.toSatisfy(refuses('IN_USE'));
    await files.sweep();
    expect((await (await take({ uploadId, ...wanted })).read()).toString()).toBe('a,b');
    await released('two');
    await files.sweep();
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'aborted' });
    await expect(held('three')).rejects.toSatisfy(refuses('UPLOAD_NOT_READY'));
    await expect(
      files.mongo.transaction((tx) => hold({ uploadId, ...wanted, userId: 'other' }, 'x', tx)),
    ).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('removes after a day what was sent late, and after a week what a worker made late, of an upload that ended', async () => {
    const uploadId = await files.upload(await picture());
    await files.uploadAdmin.remove(uploadId);
    const late = { body: Buffer.from('x'), contentType: 'x/y' };
    await files.swap(uploadId, late.body);
    await files.store.put({ ...late, key: `public/pictures/${uploadId}/160.webp` });
    files.clock.advance(25 * HOUR_MS);
    await files.sweep();
    expect(await files.original(uploadId)).toBeNull();
    files.clock.advance(7 * 24 * HOUR_MS);
    await files.sweep();
    expect(await files.publicKeys(uploadId)).toEqual([]);
    await expect(files.uploads.status('staff', uploadId)).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('removes files that belong to no upload, once they are old', async () => {
    const orphan = 'private/uploads/none-of-this-test';
    await files.store.put({ key: orphan, body: Buffer.from('x'), contentType: 'x/y' });
    const uploadId = await files.upload(await picture());
    await files.sweep();
    expect(await files.store.head(orphan)).not.toBeNull();
    files.clock.advance(25 * HOUR_MS);
    await files.sweep();
    expect(await files.store.head(orphan)).toBeNull();
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'aborted' });
  });
});

describe('a picture that is ready', () => {
  const attach = (uploadId: string, productId: string, userId = 'staff') =>
    files.mongo.transaction((tx) => files.uploadUse.attach({ uploadId, userId, productId }, tx));

  it('is given to one product, once', async () => {
    const { uploadId, picture: made } = await files.whole(await picture());
    await expect(attach(uploadId, 'p1', 'stranger')).rejects.toSatisfy(refuses('NOT_FOUND'));
    const tries = await Promise.allSettled(['p1', 'p2', 'p3'].map((productId) => attach(uploadId, productId)));
    const won = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(won).toEqual([{ url: made?.url }]);
    const productId = `p${tries.findIndex(({ status }) => status === 'fulfilled') + 1}`;
    expect(await attach(uploadId, productId)).toEqual({ url: made?.url });
    await expect(files.uploads.abort('staff', uploadId)).rejects.toSatisfy(refuses('IN_USE'));
    await files.mongo.transaction((tx) => files.uploadUse.detach({ productId, url: made?.url ?? '' }, tx));
    await expect(attach(uploadId, productId)).rejects.toSatisfy(refuses('IN_USE'));
    // Orders of that time show it.
    expect((await fetch(made?.url ?? '')).status).toBe(200);
  });

  it('is one: others are refused with what they are', async () => {
    const uploadId = await files.upload(await picture());
    await expect(attach(uploadId, 'p')).rejects.toMatchObject({ details: { state: 'presigned' } });
    const { uploadId: refused } = await files.whole(Buffer.from('x'));
    await expect(attach(refused, 'p')).rejects.toMatchObject({ details: { state: 'rejected', rejection: 'type' } });
    const { uploadId: csv } = await files.whole(Buffer.from('a,b'), 'text/csv', 'catalog_import');
    await expect(attach(csv, 'p')).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('is removed for good by an administrator, unless a product has it', async () => {
    const { uploadId } = await files.whole(await picture());
    await attach(uploadId, 'p9');
    expect((await files.uploadAdmin.list({ limit: 10 })).items).toMatchObject([{ uploadId, productId: 'p9' }]);
    await expect(files.uploadAdmin.remove(uploadId)).rejects.toSatisfy(refuses('IN_USE'));
    const { picture: made } = await files.uploads.status('staff', uploadId);
    await files.mongo.transaction((tx) => files.uploadUse.detach({ productId: 'p9', url: made?.url ?? '' }, tx));
    await files.uploadAdmin.remove(uploadId);
    expect((await fetch(made?.url ?? '')).status).toBe(404);
    await expect(files.uploadAdmin.remove(uploadId)).rejects.toSatisfy(refuses('NOT_FOUND'));
    await files.uploads.presign(STAFF, files.announce(await picture(), 'image/png'));
    const { items, nextCursor } = await files.uploadAdmin.list({ state: 'presigned', limit: 1 });
    expect([items.length, nextCursor]).toEqual([1, null]);
  });
});
