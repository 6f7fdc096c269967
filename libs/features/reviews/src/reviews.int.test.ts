import { isDomainError } from '@cartwright/domain-errors';
import { fixedClock, testMongo, type TestMongo } from '@cartwright/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReviewModel, createReviewRepository, createReviewService } from './index.ts';

const clock = fixedClock();
let db: TestMongo;
let moves: { productId: string; sum: number; count: number }[] = [];

function createReviews() {
  const people = new Map([
    ['u1', { id: 'u1', name: 'Ada', emailVerified: true }],
    ['u2', { id: 'u2', name: 'Bob', emailVerified: false }],
  ]);
  return createReviewService({
    mongo: db.mongo,
    reviews: createReviewRepository({ reviews: createReviewModel(db.mongo.connection) }),
    products: {
      exists: async (id) => id.startsWith('p'),
      idsBySlug: async (slugs) => new Map(slugs.flatMap((slug) => (slug === 'lamp' ? [[slug, 'p-lamp']] : []))),
      moveRating: async (productId, change) => void moves.push({ productId, ...change }),
    },
    authors: {
      byId: async (id) => people.get(id) ?? null,
      byEmails: async (emails) =>
        new Map(emails.flatMap((email) => (email.startsWith('ada') ? [[email, { id: email, name: 'Ada' }]] : []))),
    },
    purchases: { hasReceived: async (_userId, productId) => productId === 'p-received' },
    clock,
  });
}

let reviews: ReturnType<typeof createReviews>;
beforeAll(async () => {
  db = await testMongo();
  reviews = createReviews();
  await db.mongo.ensureIndexes();
});
beforeEach(() => {
  moves = [];
});
afterAll(() => db[Symbol.asyncDispose]());

const refuses = (reason: Parameters<typeof isDomainError>[1]) => (error: unknown) => isDomainError(error, reason);

describe('writing a review', () => {
  it('moves the rating once, and is verified when the product was received', async () => {
    const review = await reviews.create('u1', { productId: 'p-received', rating: 4, title: 'Good' });
    expect(review).toMatchObject({ author: 'Ada', rating: 4, verified: true });
    expect(await reviews.create('u1', { productId: 'p-other', rating: 2 })).toMatchObject({ verified: false });
    expect(moves).toEqual([
      { productId: 'p-received', sum: 4, count: 1 },
      { productId: 'p-other', sum: 2, count: 1 },
    ]);
  });

  it('is possible once per product, also for twenty clicks at once', async () => {
    const clicks = await Promise.allSettled(
      Array.from({ length: 20 }, () => reviews.create('u1', { productId: 'p-race', rating: 5 })),
    );
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const click of clicks) {
      if (click.status === 'rejected') expect(refuses('VERSION_CONFLICT')(click.reason)).toBe(true);
    }
    expect((await reviews.list({ productId: 'p-race', limit: 10 })).count).toBe(1);
  });

  it('needs a confirmed address and a product', async () => {
    await expect(reviews.create('u2', { productId: 'p-1', rating: 5 })).rejects.toSatisfy(
      refuses('EMAIL_NOT_VERIFIED'),
    );
    await expect(reviews.create('u1', { productId: 'x-1', rating: 5 })).rejects.toSatisfy(refuses('NOT_FOUND'));
    expect(moves).toEqual([]);
  });
});

describe('importing and listing reviews', () => {
  it('imports once, skips what it does not know, and pages newest first with exact figures', async () => {
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
    expect(await reviews.importReviews([...input, ...strange])).toEqual({ imported: 25, skipped: 2 });
    expect(await reviews.importReviews(input)).toEqual({ imported: 0, skipped: 25 });

    const seen = [];
    let cursor: string | undefined;
    do {
      const page = await reviews.list({ productId: 'p-lamp', limit: 6, cursor });
      expect(page).toMatchObject({ average: 3, count: 25, distribution: [5, 5, 5, 5, 5] });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(25);
    const times = seen.map(({ createdAt }) => createdAt.getTime());
    expect(times).toEqual(times.toSorted((left, right) => right - left));
  });
});
