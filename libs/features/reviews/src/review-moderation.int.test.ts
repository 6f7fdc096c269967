import { isDomainError, type Reason } from '@cartwright/domain-errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReportRepository } from './report-repository.ts';
import { createReviewModeration } from './review-moderation.ts';
import { createReviewRepository } from './review-repository.ts';
import { createReviewModels } from './review.model.ts';
import { clock, reviewsFixture, type ReviewsFixture } from './reviews.fixture.ts';

let shop: ReviewsFixture;
beforeAll(async () => {
  shop = await reviewsFixture();
});
afterAll(() => shop[Symbol.asyncDispose]());

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);

async function reviewed(id: string) {
  const productId = await shop.addProduct(id);
  const [bad, good] = await Promise.all([
    shop.reviews.create('u1', { productId, rating: 1, text: 'Buy elsewhere' }),
    shop.reviews.create('u2', { productId, rating: 5 }),
  ]);
  return { productId, bad, good };
}

describe('hiding a review', () => {
  it('takes it from readers and from the rating, and brings it back', async () => {
    const { productId, bad, good } = await reviewed('p-hide');
    expect(await shop.reviewModeration.setStatus(bad.id, 'hidden')).toMatchObject({ id: bad.id, status: 'hidden' });
    await shop.reviewModeration.setStatus(bad.id, 'hidden');
    const list = await shop.reviews.list({ productId, limit: 10 });
    expect(list).toMatchObject({ count: 1, average: 5, distribution: [0, 0, 0, 0, 1] });
    expect(list.items.map(({ id }) => id)).toEqual([good.id]);
    expect(await shop.ratingOf(productId)).toMatchObject({ sum: 5, count: 1, average: 5 });

    // Its author still sees it, and can't bring it back by changing it.
    await shop.reviews.update('u1', { id: bad.id, rating: 2 });
    expect((await shop.reviews.mine('u1', { limit: 10 })).items).toMatchObject([{ id: bad.id, status: 'hidden' }]);
    expect(await shop.ratingOf(productId)).toMatchObject({ sum: 5, count: 1 });
    await expect(shop.reviews.create('u1', { productId, rating: 1 })).rejects.toSatisfy(refuses('VERSION_CONFLICT'));

    await shop.reviewModeration.setStatus(bad.id, 'published');
    expect(await shop.ratingOf(productId)).toMatchObject({ sum: 7, count: 2, average: 3.5 });
    await expect(shop.reviewModeration.setStatus('none', 'hidden')).rejects.toSatisfy(refuses('NOT_FOUND'));
  });
});

describe('reporting a review', () => {
  it('counts once per user, is shown to moderators, and is done with once they decided', async () => {
    const { productId, bad } = await reviewed('p-report');
    const spam = { id: bad.id, reason: 'spam', text: 'An advert' } as const;
    await Promise.all(Array.from({ length: 8 }, () => shop.reviewModeration.report('u3', spam)));
    await shop.reviewModeration.report('u4', { id: bad.id, reason: 'offensive' });
    const filter = { reported: true, productId, limit: 10 } as const;
    expect((await shop.reviewModeration.list(filter)).items).toMatchObject([
      { id: bad.id, reports: [{ reason: 'spam', text: 'An advert' }, { reason: 'offensive' }] },
    ]);

    await shop.reviewModeration.setStatus(bad.id, 'published');
    await shop.reviewModeration.report('u3', spam);
    expect((await shop.reviewModeration.list(filter)).items).toEqual([]);
    await shop.reviewModeration.report('u5', spam);
    expect((await shop.reviewModeration.list(filter)).items).toMatchObject([{ reports: [{ reason: 'spam' }] }]);
  });

  it('is not lost when a moderator decides on earlier reports in the same moment', async () => {
    const { productId, bad } = await reviewed('p-moment');
    await shop.reviewModeration.report('u3', { id: bad.id, reason: 'spam' });
    const models = createReviewModels(shop.mongo.connection);
    const reports = createReportRepository(models);
    let decided = false;
    const slow = createReviewModeration({
      mongo: shop.mongo,
      reviews: createReviewRepository(models),
      reports: {
        ...reports,
        async insert(doc, tx) {
          if (!decided) {
            decided = true;
            await shop.reviewModeration.setStatus(bad.id, 'published');
          }
          await reports.insert(doc, tx);
        },
      },
      products: { moveRating: async () => undefined },
      clock,
    });
    await slow.report('u4', { id: bad.id, reason: 'offensive' });
    const { items } = await shop.reviewModeration.list({ reported: true, productId, limit: 10 });
    expect(items).toMatchObject([{ id: bad.id, reports: [{ reason: 'offensive' }] }]);
  });

  it('by a crowd shows moderators the first twenty', async () => {
    const { productId, bad } = await reviewed('p-crowd');
    for (let user = 10; user < 32; user += 1) {
      await shop.reviewModeration.report(`u${user}`, { id: bad.id, reason: 'spam', text: `From ${user}` });
    }
    const { items } = await shop.reviewModeration.list({ reported: true, productId, limit: 10 });
    expect(items.map((item) => item.reports.length)).toEqual([20]);
    expect(items[0]?.reports[0]).toMatchObject({ text: 'From 10' });
  });

  it("is not for one's own, nor for what nobody reads", async () => {
    const { bad } = await reviewed('p-own');
    const report = { id: bad.id, reason: 'other' } as const;
    await expect(shop.reviewModeration.report('u1', report)).rejects.toSatisfy(refuses('INVALID_INPUT'));
    await shop.reviewModeration.setStatus(bad.id, 'hidden');
    await expect(shop.reviewModeration.report('u3', report)).rejects.toSatisfy(refuses('NOT_FOUND'));
  });
});

describe('moderators', () => {
  it('reply, and take the reply back', async () => {
    const { productId, bad } = await reviewed('p-reply');
    await shop.reviewModeration.reply(bad.id, 'We are sorry');
    const read = async () => (await shop.reviews.list({ productId, limit: 10 })).items.find(({ id }) => id === bad.id);
    expect((await read())?.reply).toEqual({ text: 'We are sorry', at: clock() });
    await shop.reviews.update('u1', { id: bad.id, rating: 3 });
    expect((await read())?.reply).toEqual({ text: 'We are sorry', at: clock() });
    await shop.reviewModeration.reply(bad.id, null);
    expect((await read())?.reply).toBeUndefined();
  });

  it('page through all, or those of a kind, each once', async () => {
    const { productId, good } = await reviewed('p-pages');
    for (const user of ['u5', 'u6', 'u7']) await shop.reviews.create(user, { productId, rating: 3 });
    await shop.reviewModeration.setStatus(good.id, 'hidden');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await shop.reviewModeration.list({ productId, limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(seen.toSorted().toReversed());
    expect(new Set(seen).size).toBe(5);
    const hidden = await shop.reviewModeration.list({ status: 'hidden', productId, limit: 10 });
    expect(hidden.items.map(({ id }) => id)).toEqual([good.id]);
    await expect(shop.reviewModeration.list({ limit: 2, cursor: 'e30' })).rejects.toSatisfy(refuses('CURSOR_INVALID'));
  });
});

describe('a product', () => {
  it('is told of whenever its reviews read otherwise, and only then', async () => {
    const { productId, bad, good } = await reviewed('p-told');
    const tells = async (change: () => Promise<unknown>): Promise<unknown[]> => {
      const before = shop.outbox.events.length;
      await change();
      return shop.outbox.events.slice(before).map(({ payload }) => payload);
    };
    const told = [{ productIds: [productId] }];
    const { update } = shop.reviews;
    expect(await tells(() => update('u1', { id: bad.id, rating: 1, text: 'Other words' }))).toEqual(told);
    expect(await tells(() => shop.reviewModeration.reply(bad.id, 'We are sorry'))).toEqual(told);
    expect(await tells(() => shop.reviewModeration.setStatus(bad.id, 'hidden'))).toEqual(told);
    expect(await tells(() => update('u1', { id: bad.id, rating: 2, text: 'Nobody reads this' }))).toEqual([]);
    expect(await tells(() => shop.reviewModeration.reply(bad.id, null))).toEqual([]);
    expect(await tells(() => shop.reviewModeration.report('u1', { id: good.id, reason: 'other' }))).toEqual([]);
    const { handler } = shop.reviewData;
    const gone = { payload: { userId: 'u1' } } as Parameters<typeof handler.handle>[0];
    const unlink = () => shop.mongo.transaction((tx) => handler.handle(gone, { tx }));
    expect(await tells(unlink)).toContainEqual({ productIds: [productId] });
    expect(await shop.ratingOf(productId)).toMatchObject(await shop.recomputed(productId));
  });
});

describe('the personal data of a user', () => {
  it('holds what they wrote and reported; afterwards nothing names them, and the rating stands', async () => {
    const { productId, bad, good } = await reviewed('p-gone');
    await shop.reviewModeration.report('u1', { id: good.id, reason: 'other', text: 'My words' });
    const { source, handler } = shop.reviewData;
    expect(await source.collect('u1')).toMatchObject({ reported: [{ reviewId: good.id, text: 'My words' }] });
    await shop.mongo.transaction((tx) =>
      handler.handle({ payload: { userId: 'u1' } } as Parameters<typeof handler.handle>[0], { tx }),
    );
    expect(await source.collect('u1')).toEqual({ written: [], reported: [] });
    const { items, count } = await shop.reviews.list({ productId, limit: 10 });
    expect(count).toBe(2);
    expect(items.find(({ id }) => id === bad.id)).toMatchObject({ author: 'A former customer', text: 'Buy elsewhere' });
    const moderated = await shop.reviewModeration.list({ reported: true, productId, limit: 10 });
    expect(moderated.items.flatMap(({ reports }) => reports.map(({ text }) => text))).toEqual([undefined]);
  });
});
