import { describe, expect, it } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();
const { eventually } = bench;

/** An order that was paid, and what its ledger says of money that a bank took. */
async function disputable() {
  const { order, paymentId, reference } = await bench.paidOrder();
  const total = order.total.amount;
  return {
    order,
    reference,
    total,
    statuses: async () => (await bench.lab.ledger.refundsOf(paymentId)).map(({ status }) => status),
    refunds: () => bench.lab.ledger.refundsOf(paymentId),
    left: async () => (await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable,
    told: async () => (await bench.lab.ledger.refundsOf(paymentId)).map(({ id }) => bench.lab.book.refunds.get(id)),
  };
}

/** Stripe counts whole seconds: what happens later, happens in another one. */
const later = () => bench.standIn.control.advanceClock(2);

describe('a dispute', () => {
  it('that was won and is appealed against takes the money anew, until the appeal is decided', async () => {
    for (const outcome of ['lost', 'won'] as const) {
      const { order, reference, total, statuses, refunds, left, told } = await disputable();
      const dispute = await bench.standIn.control.openDispute(reference);
      await eventually(async () => expect(await statuses()).toEqual(['pending']));
      await later();
      await bench.standIn.control.closeDispute(dispute, 'won');
      await eventually(async () => expect(await left()).toBe(total));
      await later();
      expect(await bench.standIn.control.appealDispute(dispute)).toBe(true);
      await eventually(async () => expect(await statuses()).toEqual(['failed', 'pending']));
      expect(await left()).toBe(0);
      expect(bench.lab.alertsOf(order.id)).toEqual(['payment_disputed', 'payment_disputed']);
      await later();
      await bench.standIn.control.closeDispute(dispute, outcome);
      const last = outcome === 'lost' ? 'succeeded' : 'failed';
      await eventually(async () => expect(await statuses()).toEqual(['failed', last]));
      expect(await left()).toBe(outcome === 'lost' ? 0 : total);
      expect(await told()).toEqual(['failed', last]);
      // One row stands for it at a time.
      expect((await refunds()).map(({ providerRefundId }) => providerRefundId)).toEqual([undefined, dispute]);
    }
  });

  it('that was lost stays lost until an appeal is won', async () => {
    const { reference, total, statuses, left } = await disputable();
    const dispute = await bench.standIn.control.openDispute(reference);
    await bench.standIn.control.closeDispute(dispute, 'lost');
    await eventually(async () => expect(await statuses()).toEqual(['succeeded']));
    await later();
    await bench.standIn.control.appealDispute(dispute);
    const events = bench.lab.mongo.connection.collection('payment_events');
    const told = { type: 'charge.dispute.updated', status: 'applied' };
    await eventually(async () => expect(await events.countDocuments(told)).toBe(1));
    expect(await statuses()).toEqual(['succeeded']);
    await later();
    await bench.standIn.control.closeDispute(dispute, 'won');
    await eventually(async () => expect(await statuses()).toEqual(['failed']));
    expect(await left()).toBe(total);
  });

  it('is not opened again, nor closed, by old news that come late', async () => {
    const { reference, total, statuses, left } = await disputable();
    const dispute = await bench.standIn.control.openDispute(reference);
    await later();
    await bench.standIn.control.closeDispute(dispute, 'won');
    await eventually(async () => expect(await statuses()).toEqual(['failed']));
    const eventIds = async () => {
      const types = ['charge.dispute.created', 'charge.dispute.funds_withdrawn', 'charge.dispute.closed'];
      const found: { id: string; type: string }[] = [];
      const since = new Date(Date.now() - 600_000);
      for await (const { event } of bench.lab.gateway.listEvents({ types, since })) {
        if (event.object.kind === 'dispute' && event.object.dispute.id === dispute) found.push(event);
      }
      return found.toReversed();
    };
    const first = await eventIds();
    expect(first.map(({ type }) => type)).toContain('charge.dispute.created');
    for (const { id } of first) await bench.lab.webhookAdmin.replay(id);
    await bench.lab.drain();
    expect(await statuses()).toEqual(['failed']);
    expect(await left()).toBe(total);
    await later();
    await bench.standIn.control.appealDispute(dispute);
    await eventually(async () => expect(await statuses()).toEqual(['failed', 'pending']));
    for (const { id } of first) await bench.lab.webhookAdmin.replay(id);
    await bench.lab.drain();
    expect(await statuses()).toEqual(['failed', 'pending']);
    expect(await left()).toBe(0);
  });
});
