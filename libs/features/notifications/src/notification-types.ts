import { accountNotices } from './account-notices.ts';
import type { NotificationDefinition } from './define-notification.ts';
import type { NotificationType } from './notifications.contracts.ts';
import { orderNotifications } from './order-notifications.ts';

/** Everything that customers are told, by type. Handlers, mail templates and preferences all follow from this table. */
export const notificationTypes: Readonly<Record<NotificationType, NotificationDefinition>> = {
  ...orderNotifications,
  ...accountNotices,
};
