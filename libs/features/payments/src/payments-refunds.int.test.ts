import { describe, expect, it } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();
const { eventually, place } = bench;

describe('refunds', () => {
  it('never exceed what was captured, however many are asked for at once', async () => {
    const order = place({ lines: [{ unitPrice: 1000, quantity: 1 }], taxBasisPoints: 0, shipping: null });
    await bench.lab.pay(order);
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    const ask = () =>
      bench.lab.mongo.transaction((tx) =>
        bench.lab.requestRefund({ paymentId: payment?.id ?? '', amount: { amount: 300, currency: 'USD' } }, tx),
      );
    const asked = await Promise.all(Array.from({ length: 12 }, ask));
    expect(asked.filter((refund) => refund !== null)).toHaveLength(3);
    await bench.lab.drain();
    const made = await bench.lab.gateway.listRefunds(payment?.reference ?? '');
    expect(made.map(({ amount, status }) => [amount.amount, status])).toEqual([
      [300, 'succeeded'],
      [300, 'succeeded'],
      [300, 'succeeded'],
    ]);
    expect([...bench.lab.book.refunds.values()]).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('happen once when answers get lost', async () => {
    const order = place();
    await bench.lab.pay(order);
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    await bench.lab.mongo.transaction((tx) =>
      bench.lab.requestRefund({ paymentId: payment?.id ?? '', amount: { amount: 500, currency: 'USD' } }, tx),
    );
    await bench.standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/refunds' });
    await expect(bench.lab.drain()).rejects.toMatchObject({ kind: 'unavailable' });
    await bench.lab.reconcileOpenSessions();
    await bench.lab.drain();
    expect(await bench.lab.gateway.listRefunds(payment?.reference ?? '')).toHaveLength(1);
    expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([
      { status: 'succeeded', cause: 'order' },
    ]);
  });

  it('are not taken for sent back when the answer about one comes only after it went through', async () => {
    const { paymentId, reference } = await bench.paidOrder();
    const amount = { amount: 500, currency: 'USD' };
    const asked = await bench.lab.mongo.transaction((tx) => bench.lab.requestRefund({ paymentId, amount }, tx));
    const row = () => bench.lab.ledger.refundById(asked?.id ?? '');
    await bench.standIn.control.nextRefund('pending');
    await bench.standIn.control.holdDeliveries({ types: 'refund.' });
    await bench.standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/refunds' });
    await expect(bench.lab.drain()).rejects.toMatchObject({ kind: 'unavailable' });
    const [made] = await bench.lab.gateway.listRefunds(reference);
    await bench.standIn.control.settleRefund(made?.id ?? '', 'succeeded');
    // Asked again under the same key, Stripe answers what was so when it was made.
    bench.lab.advanceClock(3_600_000);
    await bench.lab.resumeRefunds();
    await bench.lab.drain();
    expect(await row()).toMatchObject({ status: 'pending', providerRefundId: made?.id });
    await bench.standIn.control.releaseDeliveries();
    await eventually(async () => expect(await row()).toMatchObject({ status: 'succeeded' }));
    expect((await row())?.waitsFor).toBeUndefined();
  });

  it('are told of once when Stripe knows nothing of them, and wait on', async () => {
    const { order, paymentId } = await bench.paidOrder();
    const amount = { amount: 500, currency: 'USD' };
    await bench.standIn.control.nextRefund('pending');
    const asked = await bench.lab.mongo.transaction((tx) => bench.lab.requestRefund({ paymentId, amount }, tx));
    await bench.lab.drain();
    const id = asked?.id ?? '';
    const rows = bench.lab.mongo.connection.collection<{ _id: string }>('payment_refunds');
    await rows.updateOne({ _id: id }, { $set: { providerRefundId: 're_of_another_account' } });
    for (let times = 0; times < 2; times += 1) {
      expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ failures: 1 });
      expect(bench.lab.alertsOf(order.id)).toEqual(['refund_unknown']);
    }
    expect(await bench.lab.ledger.refundById(id)).toMatchObject({ status: 'pending' });
  });

  it('are found when Stripe keeps a failure in place of the refund it made', async () => {
    const order = place();
    await bench.lab.pay(order);
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    await bench.standIn.control.holdDeliveries();
    await bench.lab.mongo.transaction((tx) =>
      bench.lab.requestRefund({ paymentId: payment?.id ?? '', amount: { amount: 500, currency: 'USD' } }, tx),
    );
    await bench.standIn.control.failNextCalls({ when: 'after', kind: 'kept_500', match: 'POST /v1/refunds' });
    await expect(bench.lab.drain()).rejects.toMatchObject({ kind: 'unavailable' });
    await bench.lab.reconcileOpenSessions();
    expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([
      { status: 'succeeded', cause: 'order' },
    ]);
    expect(await bench.lab.gateway.listRefunds(payment?.reference ?? '')).toHaveLength(1);
    await bench.standIn.control.releaseDeliveries();
  });

  it('that went through are released when the bank sends them back', async () => {
    const order = place();
    await bench.lab.pay(order, { card: '4000 0000 0000 5126' });
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    await bench.lab.mongo.transaction((tx) =>
      bench.lab.requestRefund({ paymentId: payment?.id ?? '', amount: order.total }, tx),
    );
    await bench.lab.drain();
    const [refund] = await bench.lab.ledger.refundsOf(payment?.id ?? '');
    expect(refund).toMatchObject({ status: 'succeeded' });
    expect(await bench.standIn.control.settleRefund(refund?.providerRefundId ?? '', 'failed')).toBe(true);
    await eventually(async () => {
      expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ status: 'failed' }]);
      expect((await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable).toBe(order.total.amount);
    });
  });

  it('never leave more than was captured, whatever went back elsewhere first', async () => {
    const { order, paymentId, reference } = await bench.paidOrder();
    await bench.standIn.control.nextRefund('pending');
    const part = { amount: 1_000, currency: 'USD' };
    await bench.lab.gateway.createRefund(
      { paymentIntent: reference, amount: part, metadata: {} },
      { idempotencyKey: `first-${order.id}` },
    );
    const left = async () => (await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable;
    await eventually(async () => expect(await left()).toBe(order.total.amount - 1_000));
    // As a dispute does: over the whole payment, whatever was refunded of it.
    await bench.lab.mongo.transaction(async (tx) => {
      const facts = { orderId: order.id, paymentId, provider: 'stripe', paymentReference: reference } as const;
      const dates = { createdAt: new Date(), updatedAt: new Date() };
      const dispute = {
        ...facts,
        id: 'dispute',
        cause: 'dispute',
        amount: order.total,
        status: 'pending',
        ...dates,
      } as const;
      await bench.lab.ledger.insertRefund(dispute, tx);
      await bench.lab.ledger.recount(paymentId, tx);
    });
    expect(await left()).toBe(0);
    await bench.lab.mongo.transaction(async (tx) => {
      const at = new Date();
      await bench.lab.ledger.moveRefund({ id: 'dispute', status: 'failed', waitsFor: undefined, toldAt: at, at }, tx);
      await bench.lab.ledger.recount(paymentId, tx);
    });
    expect(await left()).toBe(order.total.amount - 1_000);
  });

  it('made again under the name of one of ours count beside it, whatever becomes of them', async () => {
    const { order, paymentId, reference } = await bench.paidOrder();
    const part = { amount: 500, currency: 'USD' };
    await bench.lab.mongo.transaction((tx) => bench.lab.requestRefund({ paymentId, amount: part }, tx));
    await bench.lab.drain();
    const [ours] = await bench.lab.ledger.refundsOf(paymentId);
    await bench.standIn.control.nextRefund('pending');
    const again = await bench.lab.gateway.createRefund(
      { paymentIntent: reference, amount: part, metadata: { refundId: ours?.id ?? '', orderId: order.id } },
      { idempotencyKey: `again-${order.id}` },
    );
    const total = order.total.amount;
    const left = async () => (await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable;
    await eventually(async () => expect(await left()).toBe(total - 1_000));
    expect(bench.lab.alertsOf(order.id)).toEqual(['refunded_twice']);
    await bench.standIn.control.settleRefund(again.id, 'failed');
    await eventually(async () => expect(await left()).toBe(total - 500));
    expect(await bench.lab.ledger.refundById(ours?.id ?? '')).toMatchObject({
      ...{ status: 'succeeded', cause: 'order', providerRefundId: ours?.providerRefundId },
    });
  });

  it('made at Stripe enter the ledger, and one that bounces is released', async () => {
    const order = place();
    await bench.lab.pay(order);
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    await bench.standIn.control.nextRefund('pending');
    const made = await bench.lab.gateway.createRefund(
      { paymentIntent: payment?.reference ?? '', amount: { amount: 1000, currency: 'USD' }, metadata: {} },
      { idempotencyKey: `external-${order.id}` },
    );
    const total = order.total.amount;
    await eventually(async () => {
      expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([
        { cause: 'external', status: 'pending' },
      ]);
      expect((await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable).toBe(total - 1000);
    });
    await bench.standIn.control.settleRefund(made.id, 'failed');
    await eventually(async () => {
      expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ status: 'failed' }]);
      expect((await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable).toBe(total);
    });
  });

  it('that count as failed and were made all the same are booked beside, and told', async () => {
    const { order, paymentId, reference } = await bench.paidOrder();
    const part = { amount: 500, currency: 'USD' };
    const ours = await bench.lab.mongo.transaction((tx) => bench.lab.requestRefund({ paymentId, amount: part }, tx));
    const id = ours?.id ?? '';
    await bench.lab.mongo.transaction(async (tx) => {
      const at = new Date();
      await bench.lab.ledger.moveRefund({ id, status: 'failed', waitsFor: undefined, toldAt: at, at }, tx);
      await bench.lab.ledger.recount(paymentId, tx);
    });
    await bench.standIn.control.nextRefund('pending');
    const made = await bench.lab.gateway.createRefund(
      { paymentIntent: reference, amount: part, metadata: { refundId: id, orderId: order.id } },
      { idempotencyKey: `late-${order.id}` },
    );
    const left = async () => (await bench.lab.ledger.paymentsOf(order.id))[0]?.refundable;
    await eventually(async () => expect(await left()).toBe(order.total.amount - 500));
    expect(bench.lab.alertsOf(order.id)).toEqual(['refund_made_after_all']);
    await bench.standIn.control.settleRefund(made.id, 'succeeded');
    await eventually(async () =>
      expect(await bench.lab.ledger.refundsOf(paymentId)).toMatchObject([
        { id, status: 'failed' },
        { cause: 'external', status: 'succeeded', providerRefundId: made.id },
      ]),
    );
    expect(await left()).toBe(order.total.amount - 500);
  });
});
