import { notificationTypeSchema, type NotificationDto } from './notifications.contracts.ts';
import type { NotificationDoc } from './notification.model.ts';

/** A notification for clients; null for a type that only a newer version of the shop knows. */
export function toNotification(doc: NotificationDoc): NotificationDto | null {
  const type = notificationTypeSchema.safeParse(doc.type);
  if (!type.success) return null;
  return {
    id: doc._id,
    type: type.data,
    title: doc.title,
    body: doc.body,
    ...(doc.link === undefined ? {} : { link: doc.link }),
    data: doc.data,
    createdAt: doc.createdAt,
    ...(doc.readAt === undefined ? {} : { readAt: doc.readAt }),
  };
}
