export * from './notifications.contracts.ts';
export { createNotifications, notificationMails } from './create-notifications.ts';
export { defineNotification } from './define-notification.ts';
export type { ChannelPolicy, Notice, NotificationDefinition } from './define-notification.ts';
export { notificationCreated, notificationsRead } from './notifications.events.ts';
export { createNotificationsRouter } from './notifications.router.ts';
export type { NotificationService } from './notification-service.ts';
