import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { NotificationData } from './notifications.contracts.ts';

export interface NotificationDoc {
  _id: string;
  userId: string;
  /** Names for good what it tells of, like `order.paid:<order id>`: told once, however often the event comes. */
  key: string;
  /** Any text: what a newer version of the shop wrote is skipped by an older one. */
  type: string;
  title: string;
  body: string;
  link?: string;
  data: NotificationData;
  createdAt: Date;
  /** There while it is unread; counting and listing unread ones looks at nothing else. */
  unread?: true;
  readAt?: Date;
}

export type NotificationModel = Model<NotificationDoc>;

/** Notifications vanish by themselves after this time. */
const KEPT_SECONDS = 180 * 24 * 3_600;

const required = { type: String, required: true } as const;

const notificationSchema = new Schema<NotificationDoc>(
  {
    _id: required,
    userId: required,
    key: required,
    type: required,
    title: required,
    body: required,
    link: String,
    data: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    unread: Boolean,
    readAt: Date,
  },
  { ...schemaOptions, collection: 'notifications' },
);
notificationSchema.index({ userId: 1, key: 1 }, { unique: true });
notificationSchema.index({ userId: 1, createdAt: -1, _id: -1 });
notificationSchema.index(
  { userId: 1, unread: 1, createdAt: -1, _id: -1 },
  { partialFilterExpression: { unread: true } },
);
notificationSchema.index({ createdAt: 1 }, { name: 'expiry', expireAfterSeconds: KEPT_SECONDS });

/** Binds the collection of notifications to a connection. */
export const createNotificationModel = (connection: Connection): NotificationModel =>
  connection.model<NotificationDoc>('Notification', notificationSchema);
