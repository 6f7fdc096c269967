import type { RunningStripeStandIn } from '@cartwright/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { buildOrder } from './build-order.fixture.ts';
import { createPaymentLab, startLabStripe, type PaymentLab } from './payment-lab.fixture.ts';

/** A stand-in for Stripe as long as the file's tests run, and a lab at it for each of them. To be called once per file. */
export function paymentBench() {
  let standIn: RunningStripeStandIn;
  let lab: PaymentLab;

  beforeAll(async () => {
    standIn = await startLabStripe();
  });
  afterAll(() => standIn.stop());
  beforeEach(async () => {
    lab = await createPaymentLab(standIn);
  });
  afterEach(async () => {
    await standIn.control.clearFailures();
    await standIn.control.dropDeliveries();
    await standIn.control.releaseDeliveries();
    await lab[Symbol.asyncDispose]();
  });

  const place = (options: Parameters<typeof buildOrder>[0] = {}) => lab.book.add(buildOrder(options));

  /** Does what waits to be done until something holds. */
  const eventually = (check: () => void | Promise<void>) =>
    vi.waitFor(
      async () => {
        await lab.drain();
        await check();
      },
      { timeout: 10_000 },
    );

  return {
    get standIn(): RunningStripeStandIn {
      return standIn;
    },
    get lab(): PaymentLab {
      return lab;
    },

    place,
    eventually,

    /** An order that was paid, as everybody knows by now, and its payment. */
    async paidOrder() {
      const order = place();
      await lab.pay(order);
      await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
      const [payment] = await lab.ledger.paymentsOf(order.id);
      return { order, paymentId: payment?.id ?? '', reference: payment?.reference ?? '' };
    },

    attemptOf: (orderId: string) =>
      lab.mongo.connection.collection<{ _id: string; updatedAt: Date }>('payment_attempts').findOne({ orderId }),

    /** Those events that came in and were not applied. */
    unapplied: (ids: readonly string[]) =>
      lab.mongo.connection
        .collection<{ _id: string; status: string }>('payment_events')
        .find({ _id: { $in: [...ids] }, status: { $in: ['received', 'unmatched'] } })
        .map(({ _id }) => _id)
        .toArray(),

    /** Ids of the events that the stand-in made for an order's session, oldest first. */
    async eventsOf(orderId: string): Promise<{ id: string; type: string }[]> {
      const found = [];
      const types = [
        'checkout.session.completed',
        'checkout.session.async_payment_succeeded',
        'checkout.session.expired',
      ];
      for await (const { event } of lab.gateway.listEvents({ types, since: new Date(Date.now() - 600_000) })) {
        if (event.object.kind === 'checkout_session' && event.object.session.metadata['orderId'] === orderId) {
          found.push({ id: event.id, type: event.type });
        }
      }
      return found.reverse();
    },
  };
}
