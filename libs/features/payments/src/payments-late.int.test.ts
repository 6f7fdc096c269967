import { payCheckoutSession } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();
const { attemptOf, eventsOf, eventually, place } = bench;

describe('money that came too late or does not fit', () => {
  it('is given back once when the order was canceled', async () => {
    const order = place();
    const { url } = await bench.lab.start(order);
    bench.lab.book.cancel(order.id);
    await bench.standIn.control.holdDeliveries();
    await payCheckoutSession(url ?? '');
    await bench.standIn.control.releaseDeliveries({ order: 'reverse' });
    for (const { id } of await eventsOf(order.id)) await bench.standIn.control.redeliver(id, 2);
    await eventually(async () => {
      const [payment] = await bench.lab.ledger.paymentsOf(order.id);
      expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([
        { cause: 'late', status: 'succeeded', amount: order.total },
      ]);
    });
    await bench.lab.reconcileOpenSessions();
    await bench.lab.drain();
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    expect(await bench.lab.gateway.listRefunds(payment?.reference ?? '')).toHaveLength(1);
    expect(payment?.refundable).toBe(0);
    expect(bench.lab.alertsOf(order.id)).toEqual(['payment_late']);
  });

  it('is set aside when amount or currency differ', async () => {
    for (const change of [{ amountTotal: 100 }, { currency: 'eur' }]) {
      const order = place();
      const { url } = await bench.lab.start(order);
      await bench.standIn.control.alterSession(url?.split('/').at(-1) ?? '', change);
      await payCheckoutSession(url ?? '');
      const reason = 'currency' in change ? 'currency_mismatch' : 'amount_mismatch';
      await eventually(async () => {
        const kept = (await bench.lab.ledger.quarantined({ limit: 10 })).filter(({ orderId }) => orderId === order.id);
        expect(kept).toMatchObject([{ reason, expected: order.total }]);
      });
      expect(bench.lab.book.stateOf(order.id)).toBe('pending');
      expect(await bench.lab.payments.expireOpenSession(order.id)).toBe('completed');
    }
  });

  it('stays aside when news of it that fit come after those that did not', async () => {
    const order = place();
    const { url = '' } = await bench.lab.start(order);
    await bench.standIn.control.holdDeliveries();
    await payCheckoutSession(url);
    await bench.standIn.control.alterSession(url.split('/').at(-1) ?? '', { amountTotal: 100 });
    await bench.lab.reconcileOpenSessions();
    const kept = async () =>
      (await bench.lab.ledger.quarantined({ limit: 10 })).filter(({ orderId }) => orderId === order.id);
    expect(await kept()).toMatchObject([{ reason: 'amount_mismatch' }]);
    await bench.standIn.control.releaseDeliveries();
    await bench.lab.drain();
    expect((await eventsOf(order.id)).length).toBeGreaterThan(0);
    expect(await bench.lab.ledger.paymentsOf(order.id)).toEqual([]);
    expect(bench.lab.book.stateOf(order.id)).toBe('pending');
    expect(await kept()).toHaveLength(1);
  });

  it('goes back once when somebody decides so, and the order can be paid anew', async () => {
    const order = place();
    const { url } = await bench.lab.start(order);
    await bench.standIn.control.alterSession(url?.split('/').at(-1) ?? '', { amountTotal: 100 });
    await payCheckoutSession(url ?? '');
    const waiting = async () =>
      (await bench.lab.quarantine.list({ limit: 100 })).items.filter(({ orderId }) => orderId === order.id);
    await eventually(async () => expect(await waiting()).toHaveLength(1));
    const [kept] = await waiting();
    const resolve = () =>
      bench.lab.quarantine.resolve({ id: kept?.id ?? '', action: 'refund', note: 'Too little' }, 'boss');
    await resolve();
    await expect(resolve()).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect(await waiting()).toEqual([]);
    await eventually(async () => {
      const made = await bench.lab.gateway.listRefunds(kept?.reference ?? '');
      expect(made.map(({ amount, status }) => [amount.amount, status])).toEqual([[100, 'succeeded']]);
    });
    expect(await bench.lab.payments.expireOpenSession(order.id)).toBe('closed');
    expect(await bench.lab.pay(order)).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
  });
});

describe('money that is set aside', () => {
  /** Waits for somebody to deal with it. */
  async function setAside() {
    const order = place();
    const { url = '' } = await bench.lab.start(order);
    await bench.standIn.control.alterSession(url.split('/').at(-1) ?? '', { amountTotal: 100 });
    await payCheckoutSession(url);
    await eventually(async () =>
      expect(await bench.lab.ledger.quarantined({ limit: 1 })).toMatchObject([{ orderId: order.id }]),
    );
    const [{ id = '' } = {}] = await bench.lab.ledger.quarantined({ limit: 1 });
    return { order, id };
  }

  it('and goes back at Stripe meanwhile is told, and only the rest is given back', async () => {
    const { order, id } = await setAside();
    const part = { amount: 30, currency: 'USD' };
    await bench.lab.gateway.createRefund(
      { paymentIntent: id, amount: part, metadata: {} },
      { idempotencyKey: `aside-${id}` },
    );
    await eventually(() => expect(bench.lab.alertsOf(order.id)).toContain('quarantined_returned'));
    expect(bench.lab.alertsOf(order.id)[0]).toBe('payment_quarantined');
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ matched: 0, failures: 0 });
    await bench.lab.quarantine.resolve({ id, action: 'refund' }, 'boss');
    await eventually(async () => {
      const made = await bench.lab.gateway.listRefunds(id);
      expect(made.map(({ amount }) => amount.amount).toSorted()).toEqual([30, 70]);
    });
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    expect(payment).toMatchObject({ refundable: 0, reference: id });
    expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([
      { cause: 'external', status: 'succeeded', amount: part },
      { cause: 'mismatch', status: 'succeeded' },
    ]);
  });

  it('is not given back while a bank has it', async () => {
    const { order, id } = await setAside();
    await bench.standIn.control.openDispute(id);
    await eventually(() => expect(bench.lab.alertsOf(order.id)).toContain('quarantined_returned'));
    await bench.lab.quarantine.resolve({ id, action: 'refund' }, 'boss');
    await bench.lab.drain();
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([
      { cause: 'dispute', status: 'pending' },
    ]);
    expect(await bench.lab.gateway.listRefunds(id)).toEqual([]);
  });

  it('is listed page by page, the newest first, until somebody has dealt with it', async () => {
    const ids = [(await setAside()).id, (await setAside()).id, (await setAside()).id].toReversed();
    const first = await bench.lab.quarantine.list({ limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = await bench.lab.quarantine.list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second).toMatchObject({ items: [{ id: ids[2] }], nextCursor: null });
    for (const id of ids.slice(1)) await bench.lab.quarantine.resolve({ id, action: 'settled' }, 'boss');
    expect(await bench.lab.quarantine.list({ limit: 2 })).toMatchObject({ items: [{ id: ids[0] }], nextCursor: null });
  });
});

describe("a bank's payment of another sum", () => {
  it('frees its order once somebody has dealt with it, and no other payment is on its way', async () => {
    const order = place();
    const { url = '' } = await bench.lab.start(order);
    const session = url.split('/').at(-1) ?? '';
    expect(await payCheckoutSession(url, { bank: 'pending' })).toMatchObject({ outcome: 'processing' });
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('processing'));
    await bench.standIn.control.alterSession(session, { amountTotal: 100 });
    await bench.standIn.control.settlePayment(session, 'succeeded');
    const waiting = async () =>
      (await bench.lab.quarantine.list({ limit: 100 })).items.filter(({ orderId }) => orderId === order.id);
    await eventually(async () => expect(await waiting()).toHaveLength(1));
    type Row = { _id: string; orderId: string; number: number; status: string };
    const attempts = bench.lab.mongo.connection.collection<Row>('payment_attempts');
    const row = await attempts.findOne({ orderId: order.id });
    if (!row) throw new Error('no attempt');
    // Another one, of whose money the same is true.
    await attempts.insertOne({ ...row, _id: 'second', number: 2, status: 'quarantined' });
    const [kept] = await waiting();
    await bench.lab.quarantine.resolve({ id: kept?.id ?? '', action: 'settled' }, 'boss');
    expect(await attempts.findOne({ _id: row._id })).toMatchObject({ status: 'failed' });
    expect(await attempts.findOne({ _id: 'second' })).toMatchObject({ status: 'quarantined' });
    expect(bench.lab.book.stateOf(order.id)).toBe('processing');
    if (!kept) throw new Error('nothing waits');
    const again = { ...kept, id: 'pi_again', reference: 'pi_again', attemptId: 'second' };
    await bench.lab.mongo.transaction((tx) => bench.lab.ledger.quarantine(again, tx));
    await bench.lab.quarantine.resolve({ id: 'pi_again', action: 'settled', note: 'Asked the bank' }, 'boss');
    expect(bench.lab.book.stateOf(order.id)).toBe('pending');
    const doer = { by: 'staff', actorId: 'boss', detail: 'Asked the bank' };
    expect(bench.lab.book.setAsideBy.get(order.id)).toEqual(doer);
    expect(await bench.lab.pay(order)).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
  });
});

describe('the reconciler', () => {
  it('closes the page of an order that was canceled while nobody could tell Stripe', async () => {
    const order = place();
    const { url } = await bench.lab.start(order);
    bench.lab.book.cancel(order.id);
    await bench.lab.reconcileOpenSessions();
    expect(await payCheckoutSession(url ?? '')).toEqual({ outcome: 'expired' });
  });

  it('stops when its time is up, and leaves the rest to the next run', async () => {
    const order = place();
    await bench.standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/checkout/sessions' });
    await bench.lab.start(order).catch(() => undefined);
    expect(await bench.lab.reconcileOpenSessions(AbortSignal.abort())).toMatchObject({ attempts: 0, failures: 0 });
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ attempts: 1, failures: 0 });
  });

  it('finds the session of a call that was never answered', async () => {
    const order = place();
    await bench.standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/checkout/sessions' });
    await bench.lab.start(order).catch(() => undefined);
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ attempts: 1, failures: 0 });
    expect(await attemptOf(order.id)).toMatchObject({ status: 'open' });
  });

  it('goes on with the others when Stripe fails in between', async () => {
    const orders = [place(), place()];
    await bench.standIn.control.holdDeliveries();
    for (const order of orders) await bench.lab.pay(order);
    await bench.standIn.control.dropDeliveries();
    await bench.standIn.control.failNextCalls({
      when: 'before',
      kind: 'http_500',
      match: 'GET /v1/checkout/sessions/',
    });
    const startedAt = new Date();
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ attempts: 1, failures: 1 });
    // The one that failed goes to the end of the line.
    const looked = await Promise.all(orders.map(({ id }) => attemptOf(id)));
    expect(looked.every((attempt) => attempt && attempt.updatedAt >= startedAt)).toBe(true);
    await bench.lab.drain();
    expect(orders.map(({ id }) => bench.lab.book.stateOf(id))).toEqual(['paid', 'paid']);
  });
});
