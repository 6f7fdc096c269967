import { isCartwrightError, type Cartwright } from '@cartwright/sdk';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, expect, it } from 'vitest';

let shop: TestShop;
let customer: Cartwright;
beforeAll(async () => {
  shop = await createTestShop({
    apis: 2,
    products: ['lamp', 'bulb', 'chair'].map((slug) => ({ slug, price: 1_000, stock: 20 })),
  });
  customer = await shop.customer();
});
afterAll(() => shop[Symbol.asyncDispose]());

const idOf = async (slug: string) => (await customer.api.catalog.products.bySlug.query({ slug })).id;
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (isCartwrightError(error) ? error.reason : error),
  );

it('takes a review from its author to the moderators and off the page', async () => {
  const productId = await idOf('lamp');
  const guest = shop.client(shop.apis[1]).api;
  expect(await customer.api.reviews.eligibility.query({ productId })).toMatchObject({ allowed: true, verified: false });
  const { id } = await customer.api.reviews.create.mutate({ productId, rating: 2, text: 'It flickers' });
  await customer.api.reviews.update.mutate({ id, rating: 3, text: 'It flickers at times' });
  expect(await guest.reviews.list.query({ productId })).toMatchObject({ average: 3, count: 1, items: [{ id }] });
  expect((await guest.catalog.products.bySlug.query({ slug: 'lamp' })).rating).toEqual({ average: 3, count: 1 });
  expect(await reasonOf(guest.reviews.report.mutate({ id, reason: 'spam' }))).toBe('UNAUTHENTICATED');

  const other = await shop.customer(shop.apis[1]);
  await other.api.reviews.report.mutate({ id, reason: 'off_topic' });
  expect(await reasonOf(other.api.admin.reviews.list.query({}))).toBe('FORBIDDEN');
  const { api: admin } = await shop.admin();
  expect(await admin.admin.reviews.list.query({ reported: true })).toMatchObject({
    items: [{ id, reports: [{ reason: 'off_topic' }] }],
  });
  await admin.admin.reviews.reply.mutate({ id, text: 'We send you another one' });
  await admin.admin.reviews.setStatus.mutate({ id, status: 'hidden' });
  expect(await guest.reviews.list.query({ productId })).toMatchObject({ average: 0, count: 0, items: [] });
  expect(await customer.api.reviews.mine.query({})).toMatchObject({ items: [{ id, status: 'hidden' }] });
  const recorded = await admin.admin.audit.list.query({ targetId: id });
  expect(recorded.items.map(({ action }) => action)).toEqual(['admin.reviews.setStatus', 'admin.reviews.reply']);
});

it('remembers wishes on every instance, until their product is gone', async () => {
  const productId = await idOf('bulb');
  await customer.api.wishlist.add.mutate({ productId });
  const again = shop.client(shop.apis[1], { headers: { 'x-forwarded-for': '10.9.9.9' } });
  expect(await reasonOf(again.api.wishlist.list.query({}))).toBe('UNAUTHENTICATED');
  expect(await customer.api.wishlist.list.query({})).toMatchObject({ total: 1, items: [{ productId }] });
  const { api: admin } = await shop.admin(shop.apis[1]);
  await admin.admin.products.setStatus.mutate({ ids: [productId], status: 'archived' });
  expect((await customer.api.wishlist.list.query({})).items).toMatchObject([{ productId, product: null }]);
  expect(await reasonOf(customer.api.wishlist.add.mutate({ productId }))).toBe('NOT_FOUND');
  await admin.admin.products.setStatus.mutate({ ids: [productId], status: 'active' });
});

it('learns from a paid order what goes together', async () => {
  const [lamp, chair] = [await idOf('lamp'), await idOf('chair')];
  const { api } = customer;
  await api.cart.addItem.mutate({ variantId: shop.variants.get('chair') ?? '', quantity: 1 });
  const { payment } = await shop.order(customer, { slug: 'lamp' });
  await shop.pay(payment.url ?? '');
  const related = async (productId: string) =>
    (await api.catalog.products.related.query({ productId })).items.map(({ id }) => id);
  await expect.poll(() => related(lamp), { timeout: 20_000 }).toContain(chair);
  expect(await related(chair)).toContain(lamp);
});

it('answers the home page on both instances with what can be bought', async () => {
  for (const host of shop.apis) {
    const home = await shop.client(host).api.catalog.home.query();
    expect(home.newest.length).toBeGreaterThan(0);
    expect([...home.newest, ...home.topSelling].every(({ available }) => available)).toBe(true);
  }
});
