import { userRemoved, type PersonalDataSource } from '@cartwright/feature-accounts';
import { defineHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { ReviewRepository } from './review-repository.ts';

const NOBODY = 'A former customer';

/** What reviews know of a user: told when asked for. With the account's removal they stay, and name nobody. */
export function createReviewPersonalData({ reviews }: { reviews: Pick<ReviewRepository, 'ofUser' | 'unlink'> }): {
  source: PersonalDataSource;
  handler: EventHandler;
} {
  return {
    source: {
      name: 'reviews',
      collect: async (userId) =>
        (await reviews.ofUser(userId)).map(({ productId, author, rating, title, text, createdAt }) => ({
          ...{ productId, author, rating, title, text, createdAt },
        })),
    },
    handler: defineHandler({
      name: 'reviews.unlink-of-user',
      event: userRemoved,
      handle: ({ payload: { userId } }, { tx }) => reviews.unlink(userId, NOBODY, tx),
    }),
  };
}
