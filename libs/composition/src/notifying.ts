import { createNotifications, notificationMails } from '@cartwright/feature-notifications';
import { createMailDelivery, createMails, type mailJobs } from '@cartwright/platform-mail';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { Platform } from './platform.ts';

/** Texts for customers are written in one language for now. */
const LOCALE = 'en-US';

/** What tells customers of things: notifications, and the mail that any feature may write. */
export function composeNotifying(platform: Platform, queues: Pick<Queues, 'enqueue' | 'enqueueMany'>) {
  const { config, mongo, outbox, streams, mailer, telemetry, logger, clock } = platform;
  const shop = { name: config.shop.name, webUrl: config.web.url, locale: LOCALE };
  const mails = createMails({ mongo, queues, logger, clock });
  const delivery = createMailDelivery({ mongo, mailer, queues, templates: notificationMails, shop, logger, clock });
  const { notifications, handlers } = createNotifications({ mongo, outbox, mails, streams, shop, clock });

  telemetry.gauge('mails_open', 'Mails not sent yet', async () => (await mails.lag()).open);
  telemetry.gauge('mails_failed', 'Mails given up', async () => (await mails.lag()).failed);

  const processors: ProcessorsFor<typeof mailJobs> = {
    'mail.deliver': delivery.deliver,
    'mail.sweep': async () => void (await delivery.sweep()),
  };
  return { notifications, handlers, processors, ensureIndexes: mails.ensureIndexes };
}
