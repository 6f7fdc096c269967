import { userRemoved, type PersonalDataSource } from '@cartwright/feature-accounts';
import { defineHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { NotificationRepository } from './notification-repository.ts';
import type { PreferenceRepository } from './preference-repository.ts';

const PAGE = 100;

/** What notifications know of a user: told when asked for, and deleted with the account. */
export function createNotificationPersonalData({
  notifications,
  preferences,
}: {
  notifications: Pick<NotificationRepository, 'page' | 'removeOf'>;
  preferences: Pick<PreferenceRepository, 'ofUser' | 'removeOf'>;
}): { source: PersonalDataSource; handler: EventHandler } {
  return {
    source: {
      name: 'notifications',
      collect: async (userId) => {
        const all: unknown[] = [];
        for (let mark: { createdAt: Date; id: string } | undefined; ;) {
          const found = await notifications.page(userId, { limit: PAGE, mark });
          const page = found.slice(0, PAGE);
          all.push(...page.map(({ title, body, createdAt, readAt }) => ({ title, body, createdAt, readAt })));
          const last = page.at(-1);
          if (found.length <= PAGE || !last) break;
          mark = { createdAt: last.createdAt, id: last._id };
        }
        const switches = await preferences.ofUser(userId);
        return { list: all, preferences: switches.map(({ type, channel, enabled }) => ({ type, channel, enabled })) };
      },
    },
    handler: defineHandler({
      name: 'notifications.remove-of-user',
      event: userRemoved,
      handle: async ({ payload: { userId } }, { tx }) => {
        await notifications.removeOf(userId, tx);
        await preferences.removeOf(userId, tx);
      },
    }),
  };
}
