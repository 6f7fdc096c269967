import { accountMailTemplates } from '@cartwright/feature-accounts';
import { guestOrderMail, orderLinkMail, orderTokenOf } from '@cartwright/feature-orders';
import { createNotifications, notificationMails } from '@cartwright/feature-notifications';
import { anyMail, createMailDelivery, type mailJobs, type Mails } from '@cartwright/platform-mail';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { Platform } from './platform.ts';

/** Texts for customers are written in one language for now. */
const LOCALE = 'en-US';

/** What tells customers of things: notifications, and the mail that any feature may write. */
export function composeNotifying(
  platform: Platform,
  { queues, mails }: { queues: Pick<Queues, 'enqueue' | 'enqueueMany'>; mails: Mails },
) {
  const { config, mongo, outbox, streams, mailer, telemetry, logger, clock } = platform;
  const secret = config.auth.sessionSecret;
  const tokenOf = (seed: string): string => orderTokenOf(secret, seed);
  const shop = { name: config.shop.name, webUrl: config.web.url, locale: LOCALE, tokenOf };
  const templates = [
    ...notificationMails,
    ...accountMailTemplates({ secret }),
    anyMail(guestOrderMail),
    anyMail(orderLinkMail),
  ];
  const delivery = createMailDelivery({ mongo, mailer, queues, templates, shop, logger, clock });
  const { notifications, handlers, personalData } = createNotifications({ mongo, outbox, mails, streams, shop, clock });

  telemetry.gauge('mails_open', 'Mails not sent yet', async () => (await mails.lag()).open);
  telemetry.gauge('mails_failed', 'Mails given up', async () => (await mails.lag()).failed);

  const processors: ProcessorsFor<typeof mailJobs> = {
    'mail.deliver': delivery.deliver,
    'mail.sweep': async () => void (await delivery.sweep()),
  };
  return { notifications, handlers, personalData, processors };
}
