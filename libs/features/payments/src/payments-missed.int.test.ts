import { payCheckoutSession } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();
const { eventually, place } = bench;

describe('the reconciler', () => {
  it('books refunds and disputes at Stripe that nothing was ever delivered of', async () => {
    const [refunded, disputed] = [await bench.paidOrder(), await bench.paidOrder()];
    // Whatever came before is known by now.
    await bench.lab.reconcileOpenSessions();
    await bench.lab.drain();
    await bench.standIn.control.holdDeliveries();
    const made = await bench.lab.gateway.createRefund(
      { paymentIntent: refunded.reference, amount: { amount: 700, currency: 'USD' }, metadata: {} },
      { idempotencyKey: `missed-${refunded.order.id}` },
    );
    const dispute = await bench.standIn.control.openDispute(disputed.reference);
    await bench.standIn.control.dropDeliveries();
    const { events, failures } = await bench.lab.reconcileOpenSessions();
    expect(failures).toBe(0);
    expect(events).toBeGreaterThanOrEqual(2);
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ events: 0 });
    await bench.lab.drain();
    expect(await bench.lab.ledger.refundsOf(refunded.paymentId)).toMatchObject([
      { cause: 'external', providerRefundId: made.id },
    ]);
    expect(await bench.lab.ledger.refundsOf(disputed.paymentId)).toMatchObject([
      { cause: 'dispute', providerRefundId: dispute },
    ]);
  });

  it('applies what was about nothing known once its attempt is there', async () => {
    const order = place();
    const { url = '' } = await bench.lab.start(order);
    const attempts = bench.lab.mongo.connection.collection('payment_attempts');
    const attempt = await attempts.findOne({ orderId: order.id });
    if (!attempt) throw new Error('no attempt');
    await attempts.deleteOne({ orderId: order.id });
    await payCheckoutSession(url);
    const events = bench.lab.mongo.connection.collection('payment_events');
    const unmatched = { type: 'checkout.session.completed', status: 'unmatched' };
    await eventually(async () => expect(await events.countDocuments(unmatched)).toBe(1));
    const kept = await events.findOne(unmatched);
    expect(kept?.['retryAt']).toEqual(expect.any(Date));
    await attempts.insertOne(attempt);
    // Not before its time.
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ matched: 0, failures: 0 });
    await events.updateOne(unmatched, { $set: { retryAt: new Date() } });
    await bench.lab.reconcileOpenSessions();
    expect(await events.countDocuments({ ...unmatched, status: 'applied' })).toBe(1);
    expect(await events.countDocuments({ retryAt: { $exists: true } })).toBe(0);
    expect(bench.lab.book.stateOf(order.id)).toBe('paid');
  });
});

describe('an event of a type that an earlier version left alone', () => {
  it('is applied by the reconciler, and when somebody asks for it', async () => {
    await bench.paidOrder();
    await bench.lab.reconcileOpenSessions();
    await bench.lab.drain();
    const events = bench.lab.mongo.connection.collection<{ _id: string; type: string; status: string }>(
      'payment_events',
    );
    const applied = { type: 'checkout.session.completed', status: 'applied' };
    const { _id: id = '' } = (await events.findOne(applied)) ?? {};
    const leave = () => events.updateOne({ _id: id }, { $set: { status: 'ignored' } });
    await leave();
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ events: 1, failures: 0 });
    await bench.lab.drain();
    expect(await events.findOne({ _id: id })).toMatchObject({ status: 'applied' });
    await leave();
    expect(await bench.lab.webhookAdmin.replay(id)).toMatchObject({ status: 'received' });
    await bench.lab.drain();
    expect(await events.findOne({ _id: id })).toMatchObject({ status: 'applied' });
  });
});

describe('an event that an earlier version left alone, long ago', () => {
  it('is applied by the reconciler, though Stripe lists it no more', async () => {
    await bench.paidOrder();
    await bench.lab.reconcileOpenSessions();
    await bench.lab.drain();
    const { connection } = bench.lab.mongo;
    const events = connection.collection<{ _id: string; type: string; status: string }>('payment_events');
    const applied = { type: 'checkout.session.completed', status: 'applied' };
    const { _id: id = '' } = (await events.findOne(applied)) ?? {};
    await events.updateOne({ _id: id }, { $set: { status: 'ignored' } });
    const unknown = { type: 'customer.created', status: 'ignored' };
    await events.updateOne(unknown, { $set: { receivedAt: new Date() } }, { upsert: true });
    const readUntil = new Date(Date.now() + 3_600_000);
    await connection
      .collection<{ _id: string }>('payment_event_cursors')
      .updateOne({ _id: 'stripe' }, { $set: { readUntil } });
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ events: 1, failures: 0 });
    await bench.lab.drain();
    expect(await events.findOne({ _id: id })).toMatchObject({ status: 'applied' });
    expect(await events.countDocuments(unknown)).toBe(1);
  });
});

describe('an order that is paid twice', () => {
  it('gets the second payment back, once, and people are told', async () => {
    const order = place();
    const { url = '' } = await bench.lab.start(order);
    const attempts = bench.lab.mongo.connection.collection('payment_attempts');
    // Forgotten by the shop, the first page stays open beside the second one.
    await attempts.updateOne({ orderId: order.id }, { $set: { status: 'expired' }, $unset: { activeOrderId: '' } });
    await bench.lab.pay(order);
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    await payCheckoutSession(url);
    const second = async () =>
      (await bench.lab.ledger.paymentsOf(order.id)).filter(({ refundable }) => refundable === 0);
    await eventually(async () => {
      const [{ id = '' } = {}] = await second();
      expect(await bench.lab.ledger.refundsOf(id)).toMatchObject([
        { cause: 'double', status: 'succeeded', amount: order.total },
      ]);
    });
    await bench.lab.reconcileOpenSessions();
    await bench.lab.drain();
    const payments = await bench.lab.ledger.paymentsOf(order.id);
    expect(payments.map(({ refundable }) => refundable).toSorted((a, b) => a - b)).toEqual([0, order.total.amount]);
    const [{ reference = '' } = {}] = await second();
    expect(await bench.lab.gateway.listRefunds(reference)).toHaveLength(1);
    expect(bench.lab.alertsOf(order.id)).toEqual(['payment_double']);
  });
});
