import { requirePermission, router } from '@cartwright/api-core';
import { listWebhooksInput, listWebhooksOutput, replayWebhookInput, webhookSchema } from './webhook-admin.contracts.ts';
import type { WebhookAdmin } from './webhook-admin.ts';

/** `admin.webhooks.*` */
export function createAdminWebhooksRouter({ webhookAdmin }: { webhookAdmin: WebhookAdmin }) {
  return router({
    list: requirePermission('payments.resolve')
      .input(listWebhooksInput)
      .output(listWebhooksOutput)
      .query(({ input }) => webhookAdmin.list(input)),
    replay: requirePermission('payments.resolve', { target: { kind: 'webhook', field: 'id' } })
      .input(replayWebhookInput)
      .output(webhookSchema)
      .mutation(({ input }) => webhookAdmin.replay(input.id)),
  });
}
