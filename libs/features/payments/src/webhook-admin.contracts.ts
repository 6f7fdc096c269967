import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

export const webhookStatusSchema = z.enum(['received', 'applied', 'ignored', 'unmatched']);

/** An event as the provider sent it; what it says stays with the shop. */
export const webhookSchema = z.object({
  /** The provider's id of the event. */
  id: z.string(),
  provider: z.literal('stripe'),
  type: z.string(),
  /** `received`: about to be applied. `ignored`: the shop makes nothing of its type. `unmatched`: about nothing known. */
  status: webhookStatusSchema,
  /** When the provider says it happened. */
  occurredAt: z.date(),
  receivedAt: z.date(),
  /** When it was applied, or tried the last time. */
  appliedAt: z.date().optional(),
});

export const listWebhooksInput = z.strictObject({ status: webhookStatusSchema.optional(), ...pageInput });
export const listWebhooksOutput = pageOf(webhookSchema);
export const replayWebhookInput = z.strictObject({ id: idSchema });

export type WebhookDto = z.infer<typeof webhookSchema>;
export type ListWebhooksInput = z.output<typeof listWebhooksInput>;
