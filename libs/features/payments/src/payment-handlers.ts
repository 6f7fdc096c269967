import { orderCanceled } from '@cartwright/feature-orders';
import { defineHandler, defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { Queues } from '@cartwright/platform-queue';
import { paymentEventReceived, refundRequested } from './payments.events.ts';
import { closeCheckoutJob, executeRefundJob } from './payments.jobs.ts';
import type { WebhookService } from './webhook-service.ts';

/** What payments do when something has happened. Calls to the provider go to the queue: handlers run in a transaction. */
export function createPaymentHandlers(dependencies: {
  webhooks: Pick<WebhookService, 'apply'>;
  queues: Pick<Queues, 'enqueue'>;
}): readonly EventHandler[] {
  const { webhooks, queues } = dependencies;
  return [
    defineHandler({
      name: 'payments.apply-event',
      event: paymentEventReceived,
      handle: async ({ payload }, { tx }) => {
        await webhooks.apply(payload.eventId, tx);
      },
    }),
    defineOutsideHandler({
      name: 'payments.execute-refund',
      event: refundRequested,
      handle: ({ payload }) => queues.enqueue(executeRefundJob, { refundId: payload.refundId }),
    }),
    defineOutsideHandler({
      name: 'payments.close-checkout',
      event: orderCanceled,
      concerns: ({ paymentMethod }) => paymentMethod === 'stripe_checkout',
      handle: ({ payload }) => queues.enqueue(closeCheckoutJob, { orderId: payload.orderId }),
    }),
  ];
}
