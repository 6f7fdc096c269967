import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/** A provider's event was stored and waits to be applied. The aggregate is the event itself. */
export const paymentEventReceived = defineEvent({
  type: 'payment.event_received',
  version: 1,
  payload: z.object({ eventId: z.string() }),
});

/** Money is to be given back. */
export const refundRequested = defineEvent({
  type: 'payment.refund_requested',
  version: 1,
  payload: z.object({ refundId: z.string(), orderId: z.string() }),
});
