import { createFeed, type FeedStreams } from '@cartwright/api-core';
import type { StreamEntry } from '@cartwright/platform-streams';
import { z } from 'zod';
import { notificationEventSchema, notificationSchema } from './notifications.contracts.ts';

/** The types of stream entries of notifications. */
export const CREATED_ENTRY = 'notification.created';
export const READ_ENTRY = 'notifications.read';

/** Dates come back from a stream as text. */
const storedCreation = z.object({
  notification: notificationSchema.extend({
    /** Any text: a type that only a newer version of the shop knows is no defect. */
    type: z.string(),
    createdAt: z.coerce.date(),
    readAt: z.coerce.date().optional(),
  }),
});
const storedMarks = z.object({ ids: z.array(z.string()).optional(), readAt: z.coerce.date() });

function read({ type, data }: StreamEntry): unknown {
  if (type === READ_ENTRY) return { type, ...storedMarks.parse(data) };
  if (type !== CREATED_ENTRY) return undefined;
  const { notification } = storedCreation.parse(data);
  return notificationSchema.shape.type.safeParse(notification.type).success ? { type, notification } : undefined;
}

/** Following a user's notifications, from the stream of that user: new ones, and those read on whatever device. */
export const createNotificationFeed = (streams: FeedStreams) =>
  createFeed({ streams, schema: notificationEventSchema, read });

export type NotificationFeed = ReturnType<typeof createNotificationFeed>;
