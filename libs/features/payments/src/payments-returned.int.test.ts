import { describe, expect, it, vi } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();
const { eventually } = bench;

/** Stripe tells moments by the second: what happens now happens in a later one than what was before. */
const later = () => bench.standIn.control.advanceClock(2);

type Outcome = Parameters<typeof bench.standIn.control.settleRefund>[1];

/** A paid order, of which a part was given back. */
async function refunded() {
  const { order, paymentId, reference } = await bench.paidOrder();
  const amount = { amount: 500, currency: 'USD' };
  const asked = await bench.lab.mongo.transaction((tx) => bench.lab.requestRefund({ paymentId, amount }, tx));
  await bench.lab.drain();
  const id = asked?.id ?? '';
  const made = await bench.lab.ledger.refundById(id);
  const providerRefundId = made?.providerRefundId ?? '';
  return {
    ...{ order, paymentId, reference, id, providerRefundId },
    row: () => bench.lab.ledger.refundById(id),
    told: () => bench.lab.book.waiting.get(id),
    left: async () => (await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable,
    async become(...outcomes: Outcome[]) {
      for (const outcome of outcomes) {
        await later();
        expect(await bench.standIn.control.settleRefund(providerRefundId, outcome)).toBe(true);
      }
    },
  };
}

describe('a refund that a bank sent back', () => {
  it('waits for the buyer, which people are told, and is with the buyer in the end', async () => {
    const refund = await refunded();
    expect(await refund.row()).toMatchObject({ status: 'succeeded' });
    const left = await refund.left();
    await refund.become('requires_action');
    await eventually(async () => expect(await refund.row()).toMatchObject({ status: 'succeeded', waitsFor: 'buyer' }));
    expect(refund.told()).toBe('buyer');
    expect(bench.lab.alertsOf(refund.order.id)).toEqual(['refund_needs_buyer']);
    // It is no money of the shop's.
    expect(await refund.left()).toBe(left);

    await refund.become('pending');
    await eventually(async () => expect(await refund.row()).toMatchObject({ status: 'succeeded', waitsFor: 'bank' }));
    await refund.become('succeeded');
    await eventually(async () => expect((await refund.row())?.waitsFor).toBeUndefined());
    expect(await refund.row()).toMatchObject({ status: 'succeeded' });
    expect(refund.told()).toBeUndefined();
    expect(bench.lab.alertsOf(refund.order.id)).toEqual(['refund_needs_buyer']);
  });

  it('is the shop’s again when the buyer says nothing', async () => {
    const refund = await refunded();
    const left = (await refund.left()) ?? 0;
    await refund.become('requires_action', 'canceled');
    await eventually(async () => expect(await refund.row()).toMatchObject({ status: 'failed' }));
    expect((await refund.row())?.waitsFor).toBeUndefined();
    expect(await refund.left()).toBe(left + 500);
    expect(bench.lab.alertsOf(refund.order.id)).toContain('refund_failed');
  });

  it('comes to the same when Stripe tells of it backwards', async () => {
    const refund = await refunded();
    const other = await refunded();
    await bench.standIn.control.holdDeliveries({ types: 'refund.' });
    await refund.become('requires_action', 'pending', 'succeeded', 'requires_action');
    await other.become('requires_action', 'failed');
    const sent = await bench.standIn.control.releaseDeliveries({ order: 'reverse' });
    expect(sent.length).toBeGreaterThanOrEqual(6);
    await eventually(async () => {
      expect(await refund.row()).toMatchObject({ status: 'succeeded', waitsFor: 'buyer' });
      expect(await other.row()).toMatchObject({ status: 'failed' });
    });
    await eventually(async () => expect(await bench.unapplied(sent)).toEqual([]));
    expect(await refund.row()).toMatchObject({ status: 'succeeded', waitsFor: 'buyer' });
    expect(bench.lab.alertsOf(other.order.id)).not.toContain('refund_made_after_all');
    expect(await bench.lab.ledger.refundsOf(other.paymentId)).toHaveLength(1);
  });

  it('is asked about when nothing is told, also when Stripe’s clock is ahead', async () => {
    const refund = await refunded();
    await bench.standIn.control.advanceClock(60);
    await refund.become('requires_action');
    await eventually(async () => expect(await refund.row()).toMatchObject({ waitsFor: 'buyer' }));
    await bench.standIn.control.holdDeliveries();
    await refund.become('pending', 'succeeded');
    await vi.waitFor(
      async () => {
        await bench.lab.reconcileOpenSessions();
        expect((await refund.row())?.waitsFor).toBeUndefined();
      },
      { timeout: 10_000 },
    );
    expect(await refund.row()).toMatchObject({ status: 'succeeded' });
  });
});

describe('a refund that was just made', () => {
  it('can wait for the buyer from the start', async () => {
    const { order, paymentId, reference: paymentIntent } = await bench.paidOrder();
    await bench.standIn.control.holdDeliveries();
    await bench.standIn.control.nextRefund('pending');
    const amount = { amount: 500, currency: 'USD' };
    const options = { idempotencyKey: `elsewhere-${order.id}` };
    const made = await bench.lab.gateway.createRefund({ paymentIntent, amount, metadata: {} }, options);
    await later();
    await bench.standIn.control.settleRefund(made.id, 'requires_action');
    await bench.standIn.control.releaseDeliveries({ order: 'reverse' });
    await eventually(async () =>
      expect(await bench.lab.ledger.refundsOf(paymentId)).toMatchObject([
        { cause: 'external', status: 'pending', waitsFor: 'buyer' },
      ]),
    );
    expect(bench.lab.alertsOf(order.id)).toEqual(['refund_needs_buyer']);
  });

  it('and goes on after it failed, is booked beside, and told', async () => {
    const refund = await refunded();
    const left = (await refund.left()) ?? 0;
    const toldAt = new Date((await later()) * 1_000);
    await bench.lab.mongo.transaction(async (tx) => {
      const move = { status: 'failed', waitsFor: undefined, toldAt } as const;
      await bench.lab.ledger.moveRefund({ id: refund.id, ...move, at: new Date() }, tx);
      await bench.lab.ledger.recount(refund.paymentId, tx);
    });
    expect(await refund.left()).toBe(left + 500);
    await refund.become('requires_action');
    await eventually(async () => expect(await refund.left()).toBe(left));
    expect(await bench.lab.ledger.refundsOf(refund.paymentId)).toMatchObject([
      { id: refund.id, status: 'failed' },
      { cause: 'external', status: 'pending', waitsFor: 'buyer', providerRefundId: refund.providerRefundId },
    ]);
    expect(bench.lab.alertsOf(refund.order.id)).toEqual(['refund_made_after_all', 'refund_needs_buyer']);
  });

  it('over more than the ledger has left is booked all the same, and told', async () => {
    const { order, paymentId, reference: paymentIntent } = await bench.paidOrder();
    // Set aside here for a refund that was not carried out yet when all is given back at Stripe.
    await bench.lab.mongo.transaction((tx) => bench.lab.ledger.reserve(paymentId, 500, tx));
    const options = { idempotencyKey: `all-${order.id}` };
    const made = await bench.lab.gateway.createRefund({ paymentIntent, metadata: {} }, options);
    await eventually(async () =>
      expect(await bench.lab.ledger.refundsOf(paymentId)).toMatchObject([
        { cause: 'external', status: 'succeeded', amount: order.total, providerRefundId: made.id },
      ]),
    );
    expect(bench.lab.alertsOf(order.id)).toEqual(['refund_exceeds_payment']);
    expect((await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable).toBe(0);
  });
});
