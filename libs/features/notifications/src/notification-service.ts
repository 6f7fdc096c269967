import { notFound } from '@cartwright/domain-errors';
import type { Mails, MailShop } from '@cartwright/platform-mail';
import { decodeCursor, encodeCursor, newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { DeliveredEvent, Outbox } from '@cartwright/platform-outbox';
import { z } from 'zod';
import type { Notice } from './define-notification.ts';
import { toNotification } from './notification-mapping.ts';
import type { NotificationRepository } from './notification-repository.ts';
import type { NotificationFeed } from './notification-stream.ts';
import { notificationTypes } from './notification-types.ts';
import type {
  ListNotificationsInput,
  MarkReadInput,
  NotificationDto,
  NotificationType,
} from './notifications.contracts.ts';
import { notificationCreated, notificationsRead } from './notifications.events.ts';
import type { PreferenceService } from './preference-service.ts';

const markSchema = z.strictObject({ createdAt: z.coerce.date(), id: z.string().max(64) });
/** More marks than this are not told one by one. */
const NAMED_MAX = 200;

/** Use cases of notifications. Everybody has their own; somebody else's is NOT_FOUND. */
export function createNotificationService({
  mongo,
  notifications,
  preferences,
  feed,
  mails,
  outbox,
  shop,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  notifications: NotificationRepository;
  preferences: PreferenceService;
  feed: NotificationFeed;
  mails: Pick<Mails, 'write'>;
  outbox: Pick<Outbox, 'append'>;
  shop: MailShop;
  clock: () => Date;
}) {
  async function store(key: string, type: NotificationType, notice: Notice, tx: Tx): Promise<void> {
    const { userId, title, body, link, data } = notice;
    const createdAt = clock();
    const _id = newId();
    const isNew = await notifications.insertOnce(
      { _id, userId, key, type, title, body, ...(link === undefined ? {} : { link }), data, createdAt, unread: true },
      tx,
    );
    if (!isNew) return;
    await outbox.append(tx, [
      {
        event: notificationCreated,
        aggregateId: _id,
        aggregateVersion: 1,
        payload: { notificationId: _id, userId },
        occurredAt: createdAt,
      },
    ]);
  }

  return {
    preferences: { get: preferences.get, update: preferences.update },
    feed,

    /**
     * Tells a user of an event by the channels that are on: stores the notification and writes the mail, both once however
     * often this is done, within the caller's transaction.
     */
    async tell(type: NotificationType, event: DeliveredEvent, tx: Tx): Promise<void> {
      const told = notificationTypes[type].tell(event, shop);
      if (!told) return;
      const { notice, mail } = told;
      const key = `${type}:${notice.about}`;
      const isOn = await preferences.switches(notice.userId, tx);
      if (isOn(type, 'in_app')) await store(key, type, notice, tx);
      if (mail && isOn(type, 'mail')) await mails.write(tx, { ...mail, key });
    },

    /** The user's notifications, newest first. Throws CURSOR_INVALID. */
    async list(
      userId: string,
      { limit, cursor, unreadOnly }: ListNotificationsInput,
    ): Promise<{ items: NotificationDto[]; nextCursor: string | null }> {
      const mark = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
      const docs = await notifications.page(userId, { limit, unreadOnly, mark });
      const page = docs.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.flatMap((doc) => toNotification(doc) ?? []),
        nextCursor: docs.length > limit && last ? encodeCursor({ createdAt: last.createdAt, id: last._id }) : null,
      };
    },

    unreadCount: async (userId: string): Promise<{ unreadCount: number }> => ({
      unreadCount: await notifications.countUnread(userId),
    }),

    /**
     * Marks the user's notifications as read; what is read already stays as it is. Throws NOT_FOUND, having marked none,
     * when one of those named is not the user's.
     */
    async markRead(userId: string, input: MarkReadInput): Promise<{ unreadCount: number }> {
      const ids = 'ids' in input ? [...new Set(input.ids)] : undefined;
      await mongo.transaction(async (tx) => {
        if (ids && (await notifications.countOwned(userId, ids, tx)) < ids.length) throw notFound('notification');
        const marked = await notifications.unreadIds(userId, { ids, limit: NAMED_MAX + 1 }, tx);
        if (marked.length === 0) return;
        const readAt = clock();
        await notifications.markRead(userId, { ids, readAt }, tx);
        await outbox.append(tx, [
          {
            event: notificationsRead,
            aggregateId: userId,
            aggregateVersion: 1,
            payload: { userId, ...(marked.length > NAMED_MAX ? {} : { ids: marked }), readAt },
            occurredAt: readAt,
          },
        ]);
      });
      return { unreadCount: await notifications.countUnread(userId) };
    },
  };
}

export type NotificationService = ReturnType<typeof createNotificationService>;
