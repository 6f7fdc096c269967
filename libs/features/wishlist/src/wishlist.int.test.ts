import { isDomainError, type Reason } from '@cartwright/domain-errors';
import type { ProductCardDto } from '@cartwright/feature-catalog';
import { fixedClock, testMongo, type TestMongo } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWishlist } from './index.ts';
import { containsInput } from './wishlist.contracts.ts';

const clock = fixedClock();
const gone = new Set<string>();
let db: TestMongo;
let shop: ReturnType<typeof createWishlist>;

beforeAll(async () => {
  db = await testMongo();
  const card = (id: string) => ({ id, title: `Title of ${id}` }) as ProductCardDto;
  const byIds = async (ids: readonly string[]) => ids.filter((id) => id.startsWith('p') && !gone.has(id)).map(card);
  shop = createWishlist({ mongo: db.mongo, products: { byIds }, clock });
  await db.mongo.ensureIndexes();
});
afterAll(() => db[Symbol.asyncDispose]());

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
const idsOf = async (userId: string) =>
  (await shop.wishlist.list(userId, { limit: 100 })).items.map(({ productId }) => productId);

describe('a wishlist', () => {
  it('holds a thing once, however often it is added at once, and forgets it however often it is asked to', async () => {
    const counts = await Promise.all(Array.from({ length: 15 }, () => shop.wishlist.add('often', 'p1')));
    expect(new Set(counts)).toEqual(new Set([1]));
    expect(await shop.wishlist.contains('often', ['p1', 'p2', 'p1'])).toEqual(['p1']);
    expect(await Promise.all([shop.wishlist.remove('often', 'p1'), shop.wishlist.remove('often', 'p1')])).toEqual([
      0, 0,
    ]);
    expect(await shop.wishlist.remove('nobody', 'p1')).toBe(0);
    expect(await idsOf('often')).toEqual([]);
  });

  it('takes two hundred and no more, whoever comes at once; one that is on it may come again', async () => {
    const ids = Array.from({ length: 195 }, (_, index) => `p${index}`);
    for (const id of ids) await shop.wishlist.add('full', id);
    const rush = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => shop.wishlist.add('full', `p-late-${index}`)),
    );
    expect(rush.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    for (const click of rush) {
      if (click.status === 'rejected') expect(refuses('WISHLIST_FULL')(click.reason)).toBe(true);
    }
    expect(await shop.wishlist.add('full', 'p0')).toBe(200);
  });

  it('pages last added first, each once, also when things are added meanwhile', async () => {
    for (let index = 0; index < 7; index += 1) {
      await shop.wishlist.add('pages', `p${index}`);
      if (index % 2 === 0) clock.advance(1_000);
    }
    const first = await shop.wishlist.list('pages', { limit: 3 });
    expect(first.total).toBe(7);
    clock.advance(1_000);
    await shop.wishlist.add('pages', 'p-new');
    const seen = first.items.map(({ productId }) => productId);
    let cursor = first.nextCursor;
    while (cursor !== null) {
      const page = await shop.wishlist.list('pages', { limit: 3, cursor });
      seen.push(...page.items.map(({ productId }) => productId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['p5', 'p6', 'p3', 'p4', 'p1', 'p2', 'p0']);
    await expect(shop.wishlist.list('pages', { limit: 3, cursor: 'bad' })).rejects.toSatisfy(refuses('CURSOR_INVALID'));
  });

  it('shows what is no longer sold by the name it had, and takes nothing that is not sold', async () => {
    await shop.wishlist.add('gone', 'p-gone');
    gone.add('p-gone');
    expect((await shop.wishlist.list('gone', { limit: 10 })).items).toMatchObject([
      { productId: 'p-gone', title: 'Title of p-gone', product: null },
    ]);
    await expect(shop.wishlist.add('gone', 'p-gone')).rejects.toSatisfy(refuses('NOT_FOUND'));
    await expect(shop.wishlist.add('gone', 'x')).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect(await shop.wishlist.remove('gone', 'p-gone')).toBe(0);
  });

  it("is its owner's alone", async () => {
    await shop.wishlist.add('mine', 'p1');
    expect(await idsOf('yours')).toEqual([]);
    await shop.wishlist.remove('yours', 'p1');
    expect(await idsOf('mine')).toEqual(['p1']);
  });

  it('is told with the personal data of its owner, and goes with the account', async () => {
    await shop.wishlist.add('leaving', 'p1');
    await shop.wishlist.add('staying', 'p1');
    const { source, handler } = shop.wishlistData;
    expect(await source.collect('leaving')).toMatchObject([{ productId: 'p1', title: 'Title of p1' }]);
    await db.mongo.transaction((tx) =>
      handler.handle({ payload: { userId: 'leaving' } } as Parameters<typeof handler.handle>[0], { tx }),
    );
    expect(await source.collect('leaving')).toEqual([]);
    expect(await idsOf('staying')).toEqual(['p1']);
  });

  it.each([[[]], [Array.from({ length: 101 }, (_, index) => `p${index}`)], [['x'.repeat(65)]], ['p1'], [[{ $ne: 1 }]]])(
    'refuses to look for %j',
    (productIds) => {
      expect(containsInput.safeParse({ productIds }).success).toBe(false);
    },
  );
});
