import { DomainError, isDomainError, notFound, type Reason } from '@cartwright/domain-errors';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogFixture, clock, type CatalogFixture } from '../catalog.fixture.ts';
import { createProductAdminRepository } from './product-admin-repository.ts';
import { describeImageInput, IMAGES_MAX, reorderImagesInput } from './product-images.contracts.ts';
import { createProductImages, type ProductImages } from './product-images.ts';
import { createProductWriter } from './write-products.ts';

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
const url = (uploadId: string) => `https://files.test/public/pictures/${uploadId}/960.webp`;
let shop: CatalogFixture;
let images: ProductImages;
/** Uploads by id: whose they are, and which product has them. */
const uploads = new Map<string, { userId: string; productId?: string }>();
const given: string[] = [];

beforeAll(async () => {
  shop = await catalogFixture();
  const { mongo, outbox } = shop;
  const products = createProductAdminRepository(shop);
  images = createProductImages({
    ...{ mongo, products },
    writer: createProductWriter({ products, outbox, clock }),
    pictures: {
      attach: async ({ uploadId, userId, productId }) => {
        const upload = uploads.get(uploadId);
        if (upload?.userId !== userId) throw notFound('upload');
        if ((upload.productId ?? productId) !== productId) throw new DomainError('IN_USE', { what: 'upload' });
        upload.productId = productId;
        return { url: url(uploadId) };
      },
      detach: async ({ url: image }) => void given.push(image),
    },
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

async function add(slug: string, pictures: string[] = [], variantImage?: string): Promise<string> {
  const variant = { sku: slug, price: 100, stock: 1, ...(variantImage === undefined ? {} : { image: variantImage }) };
  await shop.importer.importCatalog({
    ...{ categories: [], brands: [] },
    products: [{ slug, title: slug, categories: [], images: pictures, variants: [variant] }],
  });
  return shop.idOf(slug);
}
const upload = (id: string): string => {
  uploads.set(id, { userId: 'ada' });
  return id;
};
const attach = (productId: string, uploadId: string, userId = 'ada') => images.attach(userId, { productId, uploadId });
const stored = async (id: string) => (await shop.products.findById(id).lean())?.images;

it('adds a picture once, tells of the product, and shows it to shoppers', async () => {
  const id = await add('i-attach');
  const before = shop.outbox.events.length;
  expect((await attach(id, upload('a1'))).images).toEqual([url('a1')]);
  expect((await attach(id, 'a1')).images).toEqual([url('a1')]);
  expect(shop.outbox.events.slice(before)).toMatchObject([
    { event: { type: 'products.changed' }, payload: { productIds: [id] } },
  ]);
  expect(await shop.service.bySlug('i-attach')).toMatchObject({ image: url('a1'), images: [url('a1')] });
  const other = await add('i-other');
  await expect(attach(other, 'a1')).rejects.toSatisfy(refuses('IN_USE'));
  await expect(attach(other, upload('a2'), 'eve')).rejects.toSatisfy(refuses('NOT_FOUND'));
  await expect(attach('none', 'a2')).rejects.toSatisfy(refuses('NOT_FOUND'));
  expect(await stored(other)).toEqual([]);
});

it('takes no more pictures than a product may have, of many at once as well', async () => {
  const id = await add(
    'i-many',
    Array.from({ length: IMAGES_MAX - 1 }, (_, index) => `/media/${index}.svg`),
  );
  const tries = await Promise.allSettled(['m1', 'm2', 'm3'].map((each) => attach(id, upload(each))));
  expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await stored(id)).toHaveLength(IMAGES_MAX);
});

it('orders exactly the pictures that there are', async () => {
  const id = await add('i-order', ['/media/a.svg', '/media/b.svg', '/media/c.svg']);
  const wanted = ['/media/c.svg', '/media/a.svg', '/media/b.svg'];
  expect((await images.reorder({ productId: id, images: wanted })).images).toEqual(wanted);
  const before = shop.outbox.events.length;
  expect((await images.reorder({ productId: id, images: wanted })).images).toEqual(wanted);
  expect(shop.outbox.events).toHaveLength(before);
  for (const wrong of [
    wanted.slice(1),
    [...wanted, '/media/d.svg'],
    ['/media/a.svg', '/media/a.svg', '/media/b.svg'],
    ['/media/a.svg', '/media/b.svg', 'https://evil.test/x.svg'],
  ]) {
    await expect(images.reorder({ productId: id, images: wrong })).rejects.toSatisfy(refuses('VERSION_CONFLICT'));
  }
  expect(await stored(id)).toEqual(wanted);
  const many = Array.from({ length: IMAGES_MAX + 1 }, String);
  expect(reorderImagesInput.safeParse({ productId: id, images: many }).success).toBe(false);
});

it('takes a picture off the product and its variants, and gives it back', async () => {
  const id = await add('i-remove', ['/media/x.svg', '/media/y.svg'], '/media/x.svg');
  const after = await images.remove({ productId: id, image: '/media/x.svg' });
  expect(after.images).toEqual(['/media/y.svg']);
  expect(after.variants[0]).not.toHaveProperty('image');
  expect(given).toContain('/media/x.svg');
  await expect(images.remove({ productId: id, image: '/media/x.svg' })).rejects.toSatisfy(refuses('NOT_FOUND'));
});

it('are told of in words, which go with them and stay when the product is edited', async () => {
  const id = await add('i-told', ['/media/x.svg', '/media/y.svg']);
  const describe = (image: string, alt: string | null) => images.describe({ productId: id, image, alt });
  await describe('/media/x.svg', 'A cup');
  await describe('/media/y.svg', 'A saucer');
  expect((await describe('/media/x.svg', 'A blue cup')).imageAlts).toEqual({
    '/media/x.svg': 'A blue cup',
    '/media/y.svg': 'A saucer',
  });
  await shop.admin.productEditor.update({ id, title: 'Told' });
  expect((await shop.service.byId(id)).imageAlts).toEqual({ '/media/x.svg': 'A blue cup', '/media/y.svg': 'A saucer' });
  expect((await images.remove({ productId: id, image: '/media/y.svg' })).imageAlts).toEqual({
    '/media/x.svg': 'A blue cup',
  });
  expect((await describe('/media/x.svg', null)).imageAlts).toEqual({});
  await expect(describe('/media/none.svg', 'x')).rejects.toSatisfy(refuses('NOT_FOUND'));
  for (const alt of ['', 'a|b', 'a\u202Eb', 'x'.repeat(201)]) {
    expect(describeImageInput.safeParse({ productId: id, image: '/media/x.svg', alt }).success).toBe(false);
  }
});

it('leaves removed products alone', async () => {
  const id = await add('i-gone', ['/media/x.svg']);
  await shop.products.updateOne({ _id: id }, { $set: { deletedAt: clock(), listed: false } });
  await expect(attach(id, upload('g1'))).rejects.toSatisfy(refuses('NOT_FOUND'));
  await expect(images.remove({ productId: id, image: '/media/x.svg' })).rejects.toSatisfy(refuses('NOT_FOUND'));
});
