import express, { Router } from 'express';

/** What the route needs of payments: true when the event was stored (or had been), false for a wrong signature. */
export interface WebhookIntake {
  receiveWebhook(rawBody: Buffer, signature: string): Promise<'accepted' | 'refused'>;
}

const BODY_LIMIT = '1mb';

/**
 * `POST /webhooks/stripe`: takes the raw body, whose bytes are signed, stores the event and answers at once; the queue
 * applies it. Anything but a good signature is 400 and changes nothing.
 */
export function createStripeWebhookRoute(payments: WebhookIntake): Router {
  const routes = Router();
  routes.post('/webhooks/stripe', express.raw({ type: () => true, limit: BODY_LIMIT }), async (request, response) => {
    const signature = request.headers['stripe-signature'];
    const body: unknown = request.body;
    if (typeof signature !== 'string' || !Buffer.isBuffer(body)) {
      response.status(400).json({ received: false });
      return;
    }
    const outcome = await payments.receiveWebhook(body, signature);
    response.status(outcome === 'accepted' ? 200 : 400).json({ received: outcome === 'accepted' });
  });
  return routes;
}
