import { DomainError, notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor, type Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { z } from 'zod';
import { paymentEventReceived } from './payments.events.ts';
import type { ProviderEventDoc } from './provider-event.model.ts';
import type { ProviderEventRepository } from './provider-event-repository.ts';
import { isHandledType } from './stripe-checkout/session-news.ts';
import type { ListWebhooksInput, WebhookDto } from './webhook-admin.contracts.ts';

const markSchema = z.strictObject({ at: z.coerce.date(), id: z.string().max(255) });

/** The provider's events as operators see them, and applying one again. */
export function createWebhookAdmin(dependencies: {
  events: Pick<ProviderEventRepository, 'byId' | 'page' | 'receiveAgain'>;
  outbox: Pick<Outbox, 'append'>;
  mongo: Pick<Mongo, 'transaction'>;
  clock: () => Date;
}) {
  const { events, outbox, mongo, clock } = dependencies;

  return {
    /** Events, the last received first. Throws CURSOR_INVALID. */
    async list({ status, limit, cursor }: ListWebhooksInput) {
      const mark = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
      const docs = await events.page({ status, limit, mark });
      const page = docs.slice(0, limit);
      const last = page.at(-1);
      const nextCursor = docs.length > limit && last ? encodeCursor({ at: last.receivedAt, id: last._id }) : null;
      return { items: page.map(toWebhookDto), nextCursor };
    },

    /**
     * Has an event applied again. What it led to before is not done twice: money is booked by the provider's id of it, and
     * attempts and refunds only move forward. Throws NOT_FOUND, and WEBHOOK_IGNORED for a type that the shop makes
     * nothing of.
     */
    async replay(id: string): Promise<WebhookDto> {
      return mongo.transaction(async (tx) => {
        const stored = await events.byId(id, tx);
        if (!stored) throw notFound('webhook');
        if (!isHandledType(stored.type)) throw new DomainError('WEBHOOK_IGNORED');
        const at = clock();
        const version = await events.receiveAgain(id, tx);
        const payload = { eventId: id };
        await outbox.append(tx, [
          { event: paymentEventReceived, aggregateId: id, aggregateVersion: version, payload, occurredAt: at },
        ]);
        return toWebhookDto({ ...stored, status: 'received' });
      });
    },
  };
}

export type WebhookAdmin = ReturnType<typeof createWebhookAdmin>;

function toWebhookDto(doc: Omit<ProviderEventDoc, 'body' | 'purgeAt'>): WebhookDto {
  const { _id: id, provider, type, status, occurredAt, receivedAt, appliedAt } = doc;
  return { id, provider, type, status, occurredAt, receivedAt, ...(appliedAt === undefined ? {} : { appliedAt }) };
}
