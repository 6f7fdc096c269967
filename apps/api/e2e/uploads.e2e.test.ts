import { isCartwrightError, pictureVariants, uploadFile, type Cartwright, type ErrorReason } from '@cartwright/sdk';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let shop: TestShop;
let admin: Cartwright;
let productId: string;

beforeAll(async () => {
  shop = await createTestShop({ products: [{ slug: 'lamp' }] });
  admin = await shop.admin();
  productId = (await admin.api.catalog.products.bySlug.query({ slug: 'lamp' })).id;
}, 180_000);
afterAll(() => shop[Symbol.asyncDispose]());

const refuses = (reason: ErrorReason) => (error: unknown) => isCartwrightError(error, reason);
const noise = async (width: number, height: number): Promise<Blob> => {
  const pixels = {
    create: { width, height, channels: 3 as const, noise: { type: 'gaussian' as const, mean: 128, sigma: 60 } },
  };
  const bytes = await sharp({ ...pixels, create: { ...pixels.create, background: '#888' } })
    .jpeg()
    .toBuffer();
  return new Blob([bytes], { type: 'image/jpeg' });
};
/** What shoppers see; it follows a change within a second. */
const page = () => shop.client().api.catalog.products.bySlug.query({ slug: 'lamp' });

describe('a picture from an administrator’s machine', () => {
  it('is on the product’s page, for everybody, once it was looked at', async () => {
    const shares: number[] = [];
    const upload = await uploadFile(admin, await noise(1_200, 800), {
      purpose: 'product_image',
      onProgress: (share) => shares.push(share),
    });
    expect([upload.state, shares.at(-1)]).toEqual(['ready', 1]);
    const url = upload.picture?.url ?? '';
    // Clients tell the narrower ones by the address alone.
    expect(pictureVariants(url)).toEqual(upload.picture?.variants);
    const { uploadId } = upload;
    const attached = await admin.api.admin.products.images.attach.mutate({ productId, uploadId });
    expect(attached.images.at(-1)).toBe(url);
    await expect.poll(async () => (await page()).images).toContain(url);
    expect((await fetch(url)).headers.get('content-type')).toBe('image/webp');
    await expect
      .poll(async () => (await admin.api.search.products.query({ query: 'lamp' })).items[0]?.image)
      .toBe(attached.images[0]);

    const images = [url, ...attached.images.filter((image) => image !== url)];
    await admin.api.admin.products.images.reorder.mutate({ productId, images });
    await expect.poll(async () => (await page()).image).toBe(url);
    await expect.poll(async () => (await admin.api.search.products.query({ query: 'lamp' })).items[0]?.image).toBe(url);
    await admin.api.admin.products.images.remove.mutate({ productId, image: url });
    await expect.poll(async () => (await page()).images).toEqual(attached.images.filter((image) => image !== url));
  });

  it('becomes ready though the worker dies while it looks at it', async () => {
    const files = await Promise.all(Array.from({ length: 4 }, () => noise(1_800, 1_200)));
    const uploads = files.map((file) => uploadFile(admin, file, { purpose: 'product_image' }));
    const states = async () => (await admin.api.admin.uploads.list.query({ limit: 4 })).items.map(({ state }) => state);
    await expect.poll(states, { timeout: 30_000 }).toContain('verifying');
    await shop.restart('worker', 0, 'kill');
    for (const { state, picture } of await Promise.all(uploads)) {
      expect(state).toBe('ready');
      for (const { url } of picture?.variants ?? []) expect((await fetch(url)).status).toBe(200);
    }
  }, 150_000);
});

describe('what is no picture, or nobody’s business', () => {
  it('is refused in words that a program understands, and never readable', async () => {
    const svg = new Blob(['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'], { type: 'image/svg+xml' });
    await expect(uploadFile(admin, svg, { purpose: 'product_image' })).rejects.toSatisfy(refuses('INVALID_INPUT'));
    const dressed = uploadFile(admin, svg, { purpose: 'product_image', contentType: 'image/png' });
    await expect(dressed).rejects.toMatchObject({ code: 'rejected', rejection: 'type' });
    const { items } = await admin.api.admin.uploads.list.query({ state: 'rejected', limit: 1 });
    const { uploadId = '' } = items[0] ?? {};
    const attaching = admin.api.admin.products.images.attach.mutate({ productId, uploadId });
    await expect(attaching).rejects.toMatchObject({ reason: 'UPLOAD_NOT_READY', details: { rejection: 'type' } });
    const bucket = `${shop.env['S3_ENDPOINT']}/${shop.env['S3_BUCKET']}`;
    expect((await fetch(`${bucket}/private/uploads/${uploadId}`)).status).toBe(403);
  });

  it('is closed to customers, and to other administrators', async () => {
    const file = await noise(100, 100);
    const customer = await shop.customer();
    await expect(uploadFile(customer, file, { purpose: 'product_image' })).rejects.toSatisfy(refuses('FORBIDDEN'));
    const { uploadId } = await uploadFile(admin, file, { purpose: 'product_image' });
    const other = await shop.admin();
    const calls: (() => Promise<unknown>)[] = [
      () => other.api.uploads.status.query({ uploadId }),
      () => other.api.uploads.complete.mutate({ uploadId }),
      () => other.api.uploads.abort.mutate({ uploadId }),
      () => customer.api.uploads.status.query({ uploadId }),
      () => other.api.admin.products.images.attach.mutate({ productId, uploadId }),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toSatisfy(refuses('NOT_FOUND'));
    }
    expect(await admin.api.uploads.status.query({ uploadId })).toMatchObject({ state: 'ready' });
  });
});
