import type { FeedRequest } from '@cartwright/api-core';
import { notFound } from '@cartwright/domain-errors';
import { hasAccount } from '@cartwright/feature-orders';
import type { Mails, MailShop } from '@cartwright/platform-mail';
import { decodeCursor, encodeCursor, newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { DeliveredEvent, Outbox } from '@cartwright/platform-outbox';
import { userStream } from '@cartwright/platform-streams';
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
  NotificationEvent,
  NotificationType,
} from './notifications.contracts.ts';
import { notificationCreated, notificationsRead } from './notifications.events.ts';
import type { PreferenceService } from './preference-service.ts';

const markSchema = z.strictObject({ createdAt: z.coerce.date(), id: z.string().max(64) });
/** More marks than this are not told one by one. */
const NAMED_MAX = 200;

interface Stored {
  readonly type: NotificationType;
  readonly notice: Notice;
  readonly at: Date;
  readonly isRead: boolean;
}

/** Names for good what a notice tells of. */
const keyOf = (type: NotificationType, { about }: Notice): string => `${type}:${about}`;

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
  /** Writes a notification unless that was done; says whether it did, and under which id. */
  async function store({ type, notice, at, isRead }: Stored, tx?: Tx): Promise<string | null> {
    const { userId, title, body, link, data } = notice;
    const texts = { title, body, ...(link === undefined ? {} : { link }) };
    const mark = isRead ? { readAt: at } : { unread: true as const };
    const _id = newId();
    const doc = { _id, userId, key: keyOf(type, notice), type, ...texts, data, createdAt: at, ...mark };
    return (await notifications.insertOnce(doc, tx)) ? _id : null;
  }

  async function announce(notificationId: string, { userId, at }: { userId: string; at: Date }, tx: Tx): Promise<void> {
    await outbox.append(tx, [
      {
        event: notificationCreated,
        aggregateId: notificationId,
        aggregateVersion: 1,
        payload: { notificationId, userId },
        occurredAt: at,
      },
    ]);
  }

  return {
    preferences: { get: preferences.get, update: preferences.update },

    /** The user's notifications as they come and are read, from `lastEventId` or from now, with the count of unread ones. */
    follow: (userId: string, { ctx, lastEventId }: Pick<FeedRequest<never>, 'ctx' | 'lastEventId'>) =>
      feed({
        ctx,
        stream: userStream(userId),
        lastEventId,
        tell: async (event): Promise<NotificationEvent> => ({
          ...event,
          unreadCount: await notifications.countUnread(userId),
        }),
      }),

    /**
     * Tells a user of an event by the channels that are on: stores the notification and writes the mail, both once however
     * often this is done, within the caller's transaction. One without an account, since it is gone or since they ordered as
     * guests, gets the mail alone.
     */
    async tell(type: NotificationType, event: DeliveredEvent, tx: Tx): Promise<void> {
      const told = notificationTypes[type].tell(event, shop);
      if (!told) return;
      const { notice, mail } = told;
      const { userId } = notice;
      const isOn = await preferences.switches(userId, tx);
      if (hasAccount(userId) && isOn(type, 'in_app')) {
        const at = clock();
        const notificationId = await store({ type, notice, at, isRead: false }, tx);
        if (notificationId !== null) await announce(notificationId, { userId, at }, tx);
      }
      if (mail && isOn(type, 'mail')) await mails.write(tx, { ...mail, key: keyOf(type, notice) });
    },

    /**
     * Stores what an event of the past would have told, for a shop that begins with some: no mail, no live news, once
     * however often this is done. Says whether it was new.
     */
    async recall(type: NotificationType, event: DeliveredEvent, { isRead }: { isRead: boolean }): Promise<boolean> {
      const told = notificationTypes[type].tell(event, shop);
      return told !== null && (await store({ type, notice: told.notice, at: event.occurredAt, isRead })) !== null;
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
