import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/** A notification was stored for a user. */
export const notificationCreated = defineEvent({
  type: 'notification.created',
  version: 1,
  payload: z.strictObject({ notificationId: z.string(), userId: z.string() }),
});

/** A user has read notifications: those named, or more than can be named. */
export const notificationsRead = defineEvent({
  type: 'notifications.read',
  version: 1,
  payload: z.strictObject({ userId: z.string(), ids: z.array(z.string()).optional(), readAt: z.date() }),
});
