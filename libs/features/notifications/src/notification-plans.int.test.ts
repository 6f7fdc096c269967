import { newId } from '@cartwright/platform-mongo';
import { testMongo, type TestMongo } from '@cartwright/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNotificationModel } from './notification.model.ts';
import { createNotificationRepository, type NotificationRepository } from './notification-repository.ts';

const COUNT = 300;

let db: TestMongo;
let notifications: NotificationRepository;
const asked: { filter: object; options: object }[] = [];

beforeAll(async () => {
  db = await testMongo();
  const model = createNotificationModel(db.mongo.connection);
  notifications = createNotificationRepository({ notifications: model });
  await db.mongo.ensureIndexes();
  await model.insertMany(
    Array.from({ length: COUNT }, (_, index) => ({
      ...{ _id: newId(), userId: index % 3 === 0 ? 'ada' : 'ben', key: `k${index}`, type: 'order.paid' },
      ...{ title: 't', body: 'b', data: {}, createdAt: new Date(Date.now() - index * 1_000) },
      ...(index % 30 === 0 ? { unread: true } : { readAt: new Date() }),
    })),
  );
  db.mongo.connection.set('debug', (_: string, method: string, filter: object, options: object) => {
    asked.push({ filter, options: method === 'find' ? options : {} });
  });
});
afterAll(() => db[Symbol.asyncDispose]());

async function lastPlan(): Promise<{ plan: string; keys: number }> {
  const read = asked.at(-1);
  const explained = (await db.mongo.connection
    .collection('notifications')
    .find(read?.filter ?? {}, read?.options)
    .explain('executionStats')) as unknown as {
    queryPlanner: { winningPlan: unknown };
    executionStats: { totalKeysExamined: number };
  };
  return { plan: JSON.stringify(explained.queryPlanner.winningPlan), keys: explained.executionStats.totalKeysExamined };
}

it.each([{}, { unreadOnly: true }])(
  'lists %o by one index in order, looking at no more than it shows',
  async (query) => {
    const first = await notifications.page('ada', { ...query, limit: 5 });
    expect(first).toHaveLength(6);
    const { plan, keys } = await lastPlan();
    expect(plan).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
    expect(keys).toBeLessThanOrEqual(7);
    const last = first[4];
    await notifications.page('ada', {
      ...query,
      limit: 5,
      ...(last ? { mark: { createdAt: last.createdAt, id: last._id } } : {}),
    });
    expect((await lastPlan()).plan).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
  },
);

it('counts unread ones without looking at others', async () => {
  expect(await notifications.countUnread('ada')).toBe(COUNT / 30);
  const { plan, keys } = await lastPlan();
  expect(plan).not.toContain('COLLSCAN');
  expect(keys).toBeLessThanOrEqual(COUNT / 30 + 1);
});
