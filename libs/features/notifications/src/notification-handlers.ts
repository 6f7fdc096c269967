import { defineHandler, defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import { userStream } from '@cartwright/platform-streams';
import { NOTIFICATION_TYPES } from './notifications.contracts.ts';
import { toNotification } from './notification-mapping.ts';
import type { NotificationRepository } from './notification-repository.ts';
import type { NotificationService } from './notification-service.ts';
import { CREATED_ENTRY, READ_ENTRY } from './notification-stream.ts';
import { notificationTypes } from './notification-types.ts';
import { notificationCreated, notificationsRead } from './notifications.events.ts';
import type { AppendPort } from './notifications.ports.ts';

/** What notifications do when something has happened: tell, by type; and bring what is stored to open subscriptions. */
export function createNotificationHandlers({
  service,
  notifications,
  streams,
}: {
  service: Pick<NotificationService, 'tell'>;
  notifications: Pick<NotificationRepository, 'byId'>;
  streams: AppendPort;
}): EventHandler[] {
  const telling = NOTIFICATION_TYPES.map((type) =>
    defineHandler({
      name: `notifications.tell-${type}`,
      event: notificationTypes[type].event,
      handle: (event, { tx }) => service.tell(type, event, tx),
    }),
  );
  return [
    ...telling,
    defineOutsideHandler({
      name: 'notifications.publish-created',
      event: notificationCreated,
      handle: async ({ id, payload: { notificationId, userId } }) => {
        const doc = await notifications.byId(notificationId);
        const notification = doc && toNotification(doc);
        if (notification) {
          await streams.append(userStream(userId), { id, type: CREATED_ENTRY, data: { notification } });
        }
      },
    }),
    defineOutsideHandler({
      name: 'notifications.publish-read',
      event: notificationsRead,
      handle: async ({ id, payload: { userId, ...marks } }) => {
        await streams.append(userStream(userId), { id, type: READ_ENTRY, data: marks });
      },
    }),
  ];
}
