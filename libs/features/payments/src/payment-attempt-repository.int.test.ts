import { testMongo } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import { createPaymentAttemptModel } from './payment-attempt.model.ts';
import { createPaymentAttemptRepository } from './payment-attempt-repository.ts';
import type { AttemptStatus } from './payment.ts';

it('the provider is asked about what was never answered, about pages that should have ended, and seldom about others', async () => {
  await using database = await testMongo();
  const { mongo } = database;
  const attempts = createPaymentAttemptRepository({ attempts: createPaymentAttemptModel(mongo.connection) });
  await mongo.ensureIndexes();
  const minute = (count: number) => new Date(Date.UTC(2026, 0, 15, 12, count));
  const rows: [id: string, status: AttemptStatus, touched: number, ends: number][] = [
    ['unanswered', 'starting', -6, 20],
    ['unanswered just now', 'starting', -1, 20],
    ['open', 'open', -30, 1],
    ['ended', 'open', -10, -1],
    ['ended and asked about', 'open', -1, -1],
    ['at a bank', 'processing', -30, -20],
    ['quiet page', 'open', -61, 600],
    ['quiet bank', 'processing', -62, -20],
    ['over', 'expired', -90, -20],
  ];
  for (const [id, status, touched, ends] of rows) {
    const money = { amount: 100, currency: 'USD' };
    const dates = { createdAt: minute(-100), updatedAt: minute(touched), expiresAt: minute(ends) };
    const session = { reference: id } as never;
    expect(await attempts.insert({ id, orderId: id, number: 1, status, total: money, session, ...dates })).toBe(true);
  }
  const due = await attempts.stale({ before: minute(-5), quiet: minute(-60), now: minute(0) }, 10);
  expect(due.map(({ id }) => id)).toEqual(['quiet bank', 'quiet page', 'ended', 'unanswered']);
});
