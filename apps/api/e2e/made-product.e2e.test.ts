import { createTestShop } from '@cartwright/testapp';
import { expect, it } from 'vitest';

it('a product that staff make is found, bought from, and its carts are told of versions that are taken out', async () => {
  await using shop = await createTestShop();
  const admin = await shop.admin();
  const { products } = admin.api.admin;
  const made = await products.create.mutate({
    ...{ title: 'Zephyr cup', slug: 'zephyr-cup', options: [{ name: 'Size', values: ['S', 'L'] }] },
    variants: ['S', 'L'].map((size) => ({ sku: `Z-${size}`, options: { Size: size }, price: 1_850, stock: 7 })),
  });
  const customer = await shop.customer();
  const found = async (query: string) =>
    (await customer.api.search.products.query({ query })).items.map(({ title }) => title);
  await products.update.mutate({
    id: made.id,
    expectedVersion: made.version,
    status: 'active',
    title: 'Zephyr tea cup',
  });
  await expect.poll(() => found('zephyr tea'), { timeout: 20_000 }).toEqual(['Zephyr tea cup']);

  // A class of the shop's settings, and none that nobody laid down.
  const taxed = (taxClass: string) => products.update.mutate({ id: made.id, taxClass });
  await expect(taxed('ceramics')).rejects.toMatchObject({
    reason: 'INVALID_INPUT',
    fields: { taxClass: [expect.any(String)] },
  });
  await admin.api.admin.tax.classes.create.mutate({ id: 'ceramics', label: 'Ceramics' });
  expect((await taxed('ceramics')).taxClass).toBe('ceramics');

  const variantId = made.variants[0]?.id ?? '';
  await customer.api.cart.addItem.mutate({ variantId, quantity: 2 });
  await products.variants.remove.mutate({ variantId });
  const { lines } = await customer.api.cart.get.query();
  expect(lines).toMatchObject([{ product: { title: 'Zephyr tea cup' }, notices: [{ kind: 'unavailable' }] }]);
  await products.adjustStock.mutate({ variantId, delta: -5, reason: 'Broken', idempotencyKey: 'broken-cups-of-june' });
  await products.variants.restore.mutate({ variantId });
  await expect
    .poll(async () => (await customer.api.catalog.products.bySlug.query({ slug: 'zephyr-cup' })).variants, {
      timeout: 20_000,
    })
    .toMatchObject([
      { sku: 'Z-L', available: 7 },
      { sku: 'Z-S', available: 2 },
    ]);
}, 120_000);
