import { idSchema, moneySchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

/** What customers are told of. A new one is added here and to the table in `notification-types.ts`. */
export const NOTIFICATION_TYPES = [
  'order.placed',
  'order.paid',
  'order.shipped',
  'order.delivered',
  'order.canceled',
  'order.refunded',
  'order.return_requested',
  'order.return_answered',
  'payment.failed',
  'account.banned',
  'account.unbanned',
  'account.role_changed',
  'account.two_factor_changed',
] as const;
export const notificationTypeSchema = z.enum(NOTIFICATION_TYPES);

/** Ways to reach somebody: the list in the shop with its live updates, and mail. */
export const CHANNELS = ['in_app', 'mail'] as const;
export const channelSchema = z.enum(CHANNELS);

/** What a notification is about, for clients that show more than its texts. Which fields are there follows from its type. */
export const notificationDataSchema = z.object({
  orderId: z.string().optional(),
  orderNumber: z.string().optional(),
  amount: moneySchema.optional(),
});

/** A notification as clients see it. Texts are plain text; `link` is a path in the shop. */
export const notificationSchema = z.object({
  id: z.string(),
  type: notificationTypeSchema,
  title: z.string(),
  body: z.string(),
  link: z.string().optional(),
  data: notificationDataSchema,
  createdAt: z.date(),
  /** Absent while it is unread. */
  readAt: z.date().optional(),
});

export const listNotificationsInput = z.strictObject({ ...pageInput, unreadOnly: z.boolean().optional() });
export const listNotificationsOutput = pageOf(notificationSchema);
export const unreadCountOutput = z.object({ unreadCount: z.number().int() });

/** How many can be marked by name at once. */
const MARKED_AT_ONCE = 100;
export const markReadInput = z.union([
  z.strictObject({ ids: z.array(idSchema).min(1).max(MARKED_AT_ONCE) }),
  z.strictObject({ all: z.literal(true) }),
]);

/** What a stream tells of notifications. */
export const notificationEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('notification.created'), notification: notificationSchema }),
  z.object({
    type: z.literal('notifications.read'),
    /** Those that were marked; absent when they are too many to name: read the list again. */
    ids: z.array(z.string()).optional(),
    readAt: z.date(),
  }),
]);
export const onNewInput = z.strictObject({});

/** One switch of a customer's preferences. What is not `switchable` always reaches them: receipts and the like. */
const channelPreferenceSchema = z.object({
  channel: channelSchema,
  enabled: z.boolean(),
  switchable: z.boolean(),
});
export const preferencesOutput = z.object({
  items: z.array(
    z.object({ type: notificationTypeSchema, label: z.string(), channels: z.array(channelPreferenceSchema) }),
  ),
});
export const updatePreferencesInput = z.strictObject({
  changes: z
    .array(z.strictObject({ type: notificationTypeSchema, channel: channelSchema, enabled: z.boolean() }))
    .min(1)
    .max(NOTIFICATION_TYPES.length * CHANNELS.length),
});

export type NotificationType = z.infer<typeof notificationTypeSchema>;
export type Channel = z.infer<typeof channelSchema>;
export type NotificationData = z.infer<typeof notificationDataSchema>;
export type NotificationDto = z.infer<typeof notificationSchema>;
/**
 * What a subscription yields, beside its signs `ready` and `resync`. `unreadCount` is that of the moment in which the event
 * is delivered: of several events the last one's is right.
 */
export type NotificationEvent = z.infer<typeof notificationEventSchema> & { unreadCount: number };
export type ListNotificationsInput = z.output<typeof listNotificationsInput>;
export type MarkReadInput = z.output<typeof markReadInput>;
export type PreferencesDto = z.infer<typeof preferencesOutput>;
export type UpdatePreferencesInput = z.output<typeof updatePreferencesInput>;
