import { orderCanceled } from '@cartwright/feature-orders';
import { defineHandler, defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { Queues } from '@cartwright/platform-queue';
import type { PaymentAttemptRepository } from './payment-attempt-repository.ts';
import { paymentEventReceived, refundRequested } from './payments.events.ts';
import { closeCheckoutJob, executeRefundJob } from './payments.jobs.ts';
import type { WebhookService } from './webhook-service.ts';

/** What payments do when something has happened. Calls to the provider go to the queue: handlers run in a transaction. */
export function createPaymentHandlers(dependencies: {
  webhooks: Pick<WebhookService, 'apply'>;
  attempts: Pick<PaymentAttemptRepository, 'endPage'>;
  queues: Pick<Queues, 'enqueue'>;
  clock: () => Date;
}): readonly EventHandler[] {
  const { webhooks, attempts, queues, clock } = dependencies;
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
      // The job may be lost with Redis: then the reconciler finds a page that should have ended.
      handle: async ({ payload: { orderId } }) => {
        await attempts.endPage(orderId, clock());
        await queues.enqueue(closeCheckoutJob, { orderId });
      },
    }),
  ];
}
