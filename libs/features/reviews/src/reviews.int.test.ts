import { isDomainError, type Reason } from '@cartwright/domain-errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReviewInput, updateReviewInput } from './index.ts';
import { clock, reviewsFixture, type ReviewsFixture } from './reviews.fixture.ts';

let shop: ReviewsFixture;
beforeAll(async () => {
  shop = await reviewsFixture();
});
afterAll(() => shop[Symbol.asyncDispose]());

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);

describe('writing a review', () => {
  it('moves the rating once, tells of the product, and is verified when the product was received', async () => {
    const productId = await shop.addProduct('p-received');
    shop.received.add(`u1/${productId}`);
    shop.outbox.events.length = 0;
    const review = await shop.reviews.create('u1', { productId, rating: 4, title: 'Good' });
    expect(review).toMatchObject({ author: 'Name of u1', rating: 4, verified: true, status: 'published' });
    expect(await shop.reviews.create('u2', { productId, rating: 1 })).toMatchObject({ verified: false });
    expect(await shop.ratingOf(productId)).toEqual({ sum: 5, count: 2, average: 2.5, version: 2 });
    expect(shop.outbox.events.map(({ payload }) => payload)).toEqual([
      { productIds: [productId] },
      { productIds: [productId] },
    ]);
  });

  it('is possible once per product, also for twenty clicks at once', async () => {
    const productId = await shop.addProduct('p-race');
    const clicks = await Promise.allSettled(
      Array.from({ length: 20 }, () => shop.reviews.create('u1', { productId, rating: 5 })),
    );
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const click of clicks) {
      if (click.status === 'rejected') expect(refuses('VERSION_CONFLICT')(click.reason)).toBe(true);
    }
    expect((await shop.reviews.list({ productId, limit: 10 })).count).toBe(1);
    expect(await shop.ratingOf(productId)).toMatchObject({ sum: 5, count: 1 });
  });

  it('needs a confirmed address and a product, and says so before', async () => {
    const productId = await shop.addProduct('p-needs');
    await expect(shop.reviews.create('x', { productId, rating: 5 })).rejects.toSatisfy(refuses('EMAIL_NOT_VERIFIED'));
    await expect(shop.reviews.create('u1', { productId: 'none', rating: 5 })).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect(await shop.ratingOf(productId)).toMatchObject({ sum: 0, count: 0 });
    const refusal = async (userId: string, id: string) => (await shop.reviews.eligibility(userId, id)).refusal;
    expect(await refusal('x', productId)).toBe('EMAIL_NOT_VERIFIED');
    expect(await refusal('u1', 'none')).toBe('NOT_FOUND');
    expect(await shop.reviews.eligibility('u1', productId)).toEqual({
      ...{ allowed: true, refusal: null, verified: false, review: null },
    });
    await shop.reviews.create('u1', { productId, rating: 3 });
    expect(await shop.reviews.eligibility('u1', productId)).toMatchObject({
      ...{ allowed: false, refusal: 'ALREADY_REVIEWED', review: { rating: 3 } },
    });
  });

  it.each([
    ['no stars', { rating: 0 }],
    ['six stars', { rating: 6 }],
    ['half a star', { rating: 3.5 }],
    ['no number', { rating: Number.NaN }],
    ['half a character', { rating: 3, text: 'a\uD800b' }],
    ['a mark that turns the text', { rating: 3, title: '\u202Eevil' }],
    ['a null character', { rating: 3, text: 'a\u0000b' }],
    ['an endless text', { rating: 3, text: 'x'.repeat(4_001) }],
    ['a field too many', { rating: 3, verified: true }],
  ])('refuses %s', (_what, content) => {
    expect(createReviewInput.safeParse({ productId: 'p', ...content }).success).toBe(false);
    expect(updateReviewInput.safeParse({ id: 'r', ...content }).success).toBe(false);
  });
});

describe("one's own review", () => {
  it('is changed as a whole, moves the rating by the difference, and becomes one of a buyer', async () => {
    const productId = await shop.addProduct('p-edit');
    const { id } = await shop.reviews.create('u1', { productId, rating: 2, title: 'Meh', text: 'Long' });
    await shop.reviews.create('u2', { productId, rating: 5 });
    shop.received.add(`u1/${productId}`);
    const edited = await shop.reviews.update('u1', { id, rating: 4, text: 'Better' });
    expect(edited).toMatchObject({ rating: 4, text: 'Better', verified: true, editedAt: clock() });
    expect(edited.title).toBeUndefined();
    expect(await shop.ratingOf(productId)).toMatchObject({ sum: 9, count: 2, average: 4.5 });
    expect((await shop.reviews.mine('u1', { limit: 1 })).items).toEqual([edited]);

    await shop.reviews.remove('u1', id);
    expect(await shop.ratingOf(productId)).toMatchObject({ sum: 5, count: 1, average: 5 });
    await expect(shop.reviews.remove('u1', id)).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect(await shop.reviews.create('u1', { productId, rating: 1 })).toMatchObject({ rating: 1 });
  });

  it("is nobody else's", async () => {
    const productId = await shop.addProduct('p-theirs');
    const { id } = await shop.reviews.create('u1', { productId, rating: 2 });
    await expect(shop.reviews.update('u2', { id, rating: 5 })).rejects.toSatisfy(refuses('NOT_FOUND'));
    await expect(shop.reviews.remove('u2', id)).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect((await shop.reviews.list({ productId, limit: 1 })).items).toMatchObject([{ id, rating: 2 }]);
    expect(await shop.ratingOf(productId)).toMatchObject({ sum: 2, count: 1 });
  });
});

describe('the rating of a product', () => {
  it('is that of its reviews, whoever writes, changes, hides and removes at once', async () => {
    const productId = await shop.addProduct('p-storm');
    const people = Array.from({ length: 12 }, (_, index) => `u${index}`);
    const made = await Promise.all(
      people.map((user, index) => shop.reviews.create(user, { productId, rating: 1 + (index % 5) })),
    );
    expect(await shop.ratingOf(productId)).toMatchObject(await shop.recomputed(productId));
    const outcomes = await Promise.allSettled(
      made.flatMap(({ id }, index) => {
        const user = people[index] ?? '';
        return [
          shop.reviews.update(user, { id, rating: 5 - (index % 4) }),
          shop.reviews.update(user, { id, rating: 1 + (index % 3) }),
          shop.reviewModeration.setStatus(id, 'hidden'),
          ...(index % 2 === 0 ? [shop.reviews.remove(user, id)] : [shop.reviewModeration.setStatus(id, 'published')]),
        ];
      }),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(refuses('NOT_FOUND')(outcome.reason)).toBe(true);
    }
    const { version: _version, ...rating } = await shop.ratingOf(productId);
    expect(rating).toEqual(await shop.recomputed(productId));
    expect((await shop.reviews.list({ productId, limit: 20 })).count).toBe(rating.count);
  });
});

describe('importing and listing reviews', () => {
  it('imports once, skips what it does not know, and pages newest first with exact figures', async () => {
    const productId = await shop.addProduct('lamp');
    const input = Array.from({ length: 25 }, (_, index) => ({
      productSlug: 'lamp',
      authorEmail: `ada${index}@example.test`,
      rating: 1 + (index % 5),
      createdAt: new Date(Date.UTC(2026, 0, 1 + (index % 9))),
    }));
    const strange = [
      { productSlug: 'nothing', authorEmail: 'ada@example.test', rating: 1, createdAt: clock() },
      { productSlug: 'lamp', authorEmail: 'nobody@example.test', rating: 1, createdAt: clock() },
    ];
    expect(await shop.importReviews([...input, ...strange])).toEqual({ imported: 25, skipped: 2 });
    expect(await shop.importReviews(input)).toEqual({ imported: 0, skipped: 25 });

    const seen = [];
    let cursor: string | undefined;
    do {
      const page = await shop.reviews.list({ productId, limit: 6, cursor });
      expect(page).toMatchObject({ average: 3, count: 25, distribution: [5, 5, 5, 5, 5] });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(25);
    const times = seen.map(({ createdAt }) => createdAt.getTime());
    expect(times).toEqual(times.toSorted((left, right) => right - left));
  });
});
