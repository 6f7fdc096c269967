import type { FeedStreams } from '@cartwright/api-core';
import type { Mails, MailShop } from '@cartwright/platform-mail';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { createNotificationHandlers } from './notification-handlers.ts';
import { createNotificationModel } from './notification.model.ts';
import { createNotificationPersonalData } from './notification-personal-data.ts';
import { createNotificationRepository } from './notification-repository.ts';
import { createNotificationService } from './notification-service.ts';
import { createNotificationFeed } from './notification-stream.ts';
import { notificationTypes } from './notification-types.ts';
import type { AppendPort } from './notifications.ports.ts';
import { createPreferenceModel } from './preference.model.ts';
import { createPreferenceRepository } from './preference-repository.ts';
import { createPreferenceService } from './preference-service.ts';

/** Puts the feature together. */
export function createNotifications(dependencies: {
  mongo: Mongo;
  outbox: Pick<Outbox, 'append'>;
  mails: Pick<Mails, 'write'>;
  streams: AppendPort & FeedStreams;
  /** What texts and mails name, and the language of sums in them. */
  shop: MailShop;
  clock: () => Date;
}) {
  const { mongo, streams } = dependencies;
  const notifications = createNotificationRepository({ notifications: createNotificationModel(mongo.connection) });
  const switches = createPreferenceRepository({ preferences: createPreferenceModel(mongo.connection) });
  const preferences = createPreferenceService({ preferences: switches });
  const service = createNotificationService({
    ...dependencies,
    notifications,
    preferences,
    feed: createNotificationFeed(streams),
  });
  const personalData = createNotificationPersonalData({ notifications, preferences: switches });
  return {
    notifications: service,
    handlers: [...createNotificationHandlers({ service, notifications, streams }), personalData.handler],
    personalData: [personalData.source],
  };
}

/** The templates of their mails, for whoever delivers mail. */
export const notificationMails = Object.values(notificationTypes).flatMap(({ template }) => template ?? []);
