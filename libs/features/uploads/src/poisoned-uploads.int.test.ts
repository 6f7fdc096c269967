import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture, uploadsFixture, type UploadsFixture } from './uploads.fixture.ts';

let files: UploadsFixture;
beforeAll(async () => {
  files = await uploadsFixture();
});
afterAll(() => files[Symbol.asyncDispose]());

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"><script>alert(1)</script></svg>';

/** What a header of a few bytes says of itself. */
async function bomb(): Promise<Buffer> {
  const bytes = await picture(1, 1);
  bytes.writeUInt32BE(15_000, 16);
  bytes.writeUInt32BE(15_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** Refused, with this reason, and nothing of it is left, neither for us nor for anybody. */
async function expectRefused(bytes: Buffer, contentType: string, rejection: string): Promise<void> {
  const refused = await files.whole(bytes, contentType);
  expect(refused, contentType).toMatchObject({ state: 'rejected', rejection });
  expect(refused.picture).toBeUndefined();
  expect([await files.original(refused.uploadId), await files.publicKeys(refused.uploadId)]).toEqual([null, []]);
}

describe('a file that is not what it says never becomes visible', () => {
  it('as a page, a drawing or another kind of picture', async () => {
    const jpeg = await picture(50, 50, 'jpeg');
    await expectRefused(Buffer.from(SVG), 'image/png', 'type');
    await expectRefused(Buffer.from(`<!doctype html><script>alert(1)</script>`), 'image/jpeg', 'type');
    await expectRefused(Buffer.from(`GIF89a=1/*${SVG}`), 'image/webp', 'type');
    await expectRefused(jpeg, 'image/png', 'type');
  });

  it('with a true beginning and something else behind it', async () => {
    const png = await picture(50, 50);
    await expectRefused(Buffer.concat([png.subarray(0, 16), Buffer.from(SVG)]), 'image/png', 'unreadable');
    await expectRefused(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(SVG)]), 'image/jpeg', 'unreadable');
    await expectRefused((await picture(900, 900, 'jpeg')).subarray(0, 2_000), 'image/jpeg', 'unreadable');
  });

  it('as more pixels than memory is for', async () => {
    await expectRefused(await bomb(), 'image/png', 'too_many_pixels');
  });

  it('as a picture with a page in it: the page stays behind', async () => {
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const both = Buffer.concat([await picture(300, 200, format), Buffer.from(SVG)]);
      const { state, picture: made } = await files.whole(both, `image/${format}`);
      if (state === 'rejected') continue;
      for (const { url } of made?.variants ?? []) {
        const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
        expect(bytes.includes('script'), url).toBe(false);
      }
    }
  });

  it('as a list of products that is no text', async () => {
    for (const bytes of [await picture(), Buffer.from([0x61, 0xff]), Buffer.from('a\0b')]) {
      const refused = await files.whole(bytes, 'text/csv', 'catalog_import');
      expect(refused).toMatchObject({ state: 'rejected', rejection: 'unreadable' });
    }
  });
});

describe('a file that is another one in its place than was announced', () => {
  it.each([
    ['larger', Buffer.alloc(2_000_000, 1), 'size'],
    ['smaller', Buffer.from('x'), 'size'],
  ])('is refused when it is %s', async (_how, bytes, rejection) => {
    const uploadId = await files.upload(await picture());
    await files.uploads.complete('staff', uploadId);
    await files.swap(uploadId, bytes);
    await files.process(uploadId);
    expect(await files.uploads.status('staff', uploadId)).toMatchObject({ state: 'rejected', rejection });
    expect(await files.original(uploadId)).toBeNull();
  });

  it('is refused when it differs in a byte, or is gone', async () => {
    const bytes = await picture();
    const other = Buffer.from(bytes);
    other.writeUInt8(other.readUInt8(60) ^ 1, 60);
    const [swapped, gone] = [await files.upload(bytes), await files.upload(bytes)];
    for (const id of [swapped, gone]) await files.uploads.complete('staff', id);
    await files.swap(swapped, other);
    await files.store.remove(`private/uploads/${gone}`);
    for (const id of [swapped, gone]) await files.process(id);
    expect(await files.uploads.status('staff', swapped)).toMatchObject({ rejection: 'checksum' });
    expect(await files.uploads.status('staff', gone)).toMatchObject({ rejection: 'missing' });
  });

  it('comes too late once the picture is made', async () => {
    const bytes = await picture(200, 100);
    const { uploadId, picture: made } = await files.whole(bytes);
    const before = await (await fetch(made?.url ?? '')).arrayBuffer();
    await files.swap(uploadId, await picture(900, 900));
    await files.process(uploadId);
    await files.uploads.complete('staff', uploadId);
    expect(await (await fetch(made?.url ?? '')).arrayBuffer()).toEqual(before);
    expect(await files.publicKeys(uploadId)).toHaveLength(2);
  });
});
