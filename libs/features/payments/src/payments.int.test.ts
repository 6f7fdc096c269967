import { payCheckoutSession } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();
const { attemptOf, eventsOf, eventually, place } = bench;

describe('a payment through Stripe Checkout', () => {
  it('is booked once, with discount, tax and shipping', async () => {
    const order = place({ discount: { kind: 'percentage', basisPoints: 1500 } });
    const urls = await Promise.all(Array.from({ length: 8 }, () => bench.lab.start(order)));
    expect(new Set(urls.map(({ url }) => url)).size).toBe(1);
    expect(await payCheckoutSession(urls[0]?.url ?? '')).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    expect(bench.lab.book.payments).toMatchObject([{ orderId: order.id, provider: 'stripe', amount: order.total }]);
    expect(await bench.lab.ledger.paymentsOf(order.id)).toMatchObject([{ refundable: order.total.amount }]);
    await expect(bench.lab.start(order)).rejects.toMatchObject({ reason: 'ORDER_NOT_PAYABLE' });
  });

  it('goes on after a decline on the same page', async () => {
    const order = place();
    expect(await bench.lab.pay(order, { card: '4000000000000002' })).toMatchObject({ outcome: 'declined' });
    expect(await bench.lab.pay(order)).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
  });

  it('waits for a bank, which pays or does not; then the order can be paid anew', async () => {
    const [paid, failed] = [place(), place()];
    for (const order of [paid, failed]) {
      expect(await bench.lab.pay(order, { bank: 'pending' })).toMatchObject({ outcome: 'processing' });
      await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('processing'));
      await expect(bench.lab.start(order)).rejects.toMatchObject({ reason: 'ORDER_NOT_PAYABLE' });
    }
    const sessionOf = async (orderId: string) => {
      const since = new Date(Date.now() - 600_000);
      for await (const { event } of bench.lab.gateway.listEvents({ types: ['checkout.session.completed'], since })) {
        if (event.object.kind !== 'checkout_session') continue;
        if (event.object.session.metadata['orderId'] === orderId) return event.object.session.id;
      }
      return '';
    };
    await bench.standIn.control.settlePayment(await sessionOf(paid.id), 'succeeded');
    await bench.standIn.control.settlePayment(await sessionOf(failed.id), 'failed');
    await eventually(() => {
      expect(bench.lab.book.stateOf(paid.id)).toBe('paid');
      expect(bench.lab.book.stateOf(failed.id)).toBe('pending');
    });
    expect(await bench.lab.pay(failed)).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(bench.lab.book.stateOf(failed.id)).toBe('paid'));
  });

  it('is not needed where nothing is due, and not made for cash on delivery', async () => {
    const free = place({ discount: { kind: 'percentage', basisPoints: 10_000 }, shipping: null });
    expect(await bench.lab.start(free)).toEqual({});
    expect(await bench.lab.start(free)).toEqual({});
    expect(bench.lab.book.payments).toMatchObject([{ orderId: free.id, provider: 'none', amount: { amount: 0 } }]);
    const cash = place({ paymentMethod: 'cash_on_delivery' });
    expect(await bench.lab.start(cash)).toEqual({});
    expect(bench.lab.book.stateOf(cash.id)).toBe('pending');
  });
});

describe('webhooks', () => {
  it('lead to one capture, in every order and three times each', async () => {
    const permutations = [
      [0, 1],
      [1, 0],
    ];
    for (const permutation of permutations) {
      await bench.standIn.control.holdDeliveries();
      const order = place();
      await bench.lab.pay(order, { bank: 'pending' });
      const [completed] = await eventsOf(order.id);
      const session = await bench.lab.gateway.findCheckoutSession({
        reference: (await attemptOf(order.id))?._id ?? '',
        since: new Date(Date.now() - 600_000),
      });
      await bench.standIn.control.settlePayment(session?.id ?? '', 'succeeded');
      const [, succeeded] = await eventsOf(order.id);
      const ids = [completed?.id ?? '', succeeded?.id ?? ''];
      await bench.standIn.control.releaseDeliveries({ order: permutation.map((index) => ids[index] ?? '') });
      for (const id of [...ids, ...ids]) await bench.standIn.control.redeliver(id);
      await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
      expect(bench.lab.book.payments.filter(({ orderId }) => orderId === order.id)).toHaveLength(1);
    }
  });

  it('applied by several instances at once lead to one capture', async () => {
    const order = place();
    await bench.standIn.control.holdDeliveries();
    await bench.lab.pay(order);
    await bench.standIn.control.releaseDeliveries();
    const [completed] = await eventsOf(order.id);
    const applications = await Promise.allSettled(
      Array.from({ length: 6 }, () => bench.lab.applyEvent(completed?.id ?? '')),
    );
    expect(applications.some(({ status }) => status === 'fulfilled')).toBe(true);
    await bench.lab.applyEvent(completed?.id ?? '');
    expect(await bench.lab.ledger.paymentsOf(order.id)).toHaveLength(1);
    expect(bench.lab.book.payments).toHaveLength(1);
    expect(bench.lab.book.stateOf(order.id)).toBe('paid');
  });

  it('are refused unsigned, and kept but left alone when they mean nothing to us', async () => {
    expect(await bench.lab.webhooks.receiveWebhook(Buffer.from('{}'), 't=1,v1=forged')).toBe('refused');
    const stranger = await bench.lab.gateway.createCheckoutSession(
      {
        reference: 'not-ours',
        metadata: {},
        description: 'Somebody else',
        lines: [{ name: 'Thing', unitAmount: { amount: 5000, currency: 'USD' }, quantity: 1 }],
        successUrl: 'http://other.test/',
        cancelUrl: 'http://other.test/',
        expiresAt: Math.floor(Date.now() / 1000) + 3600,
      },
      { idempotencyKey: `stranger-${Date.now()}` },
    );
    await payCheckoutSession(stranger.url ?? '');
    await eventually(async () => {
      const stored = await bench.lab.mongo.connection.collection('payment_events').find({}).toArray();
      const statuses = Object.fromEntries(stored.map((event) => [event['type'], event['status']]));
      expect(statuses).toMatchObject({ 'checkout.session.completed': 'unmatched', 'charge.succeeded': 'ignored' });
    });
    expect(bench.lab.book.payments).toEqual([]);
  });

  it('that never came are found by the reconciler, and so is what was paid', async () => {
    const order = place();
    await bench.standIn.control.holdDeliveries();
    await bench.lab.pay(order);
    await bench.standIn.control.dropDeliveries();
    expect(await bench.lab.reconcileOpenSessions()).toMatchObject({ attempts: 1, failures: 0 });
    expect(bench.lab.book.stateOf(order.id)).toBe('paid');
    await bench.lab.drain();
    expect(bench.lab.book.payments).toHaveLength(1);
  });
});

describe('when Stripe fails', () => {
  it('makes one session, whichever answers were lost', async () => {
    const order = place();
    await bench.standIn.control.failNextCalls({
      when: 'before',
      kind: 'http_500',
      match: 'POST /v1/checkout/sessions',
    });
    await expect(bench.lab.start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    await bench.standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/checkout/sessions' });
    await expect(bench.lab.start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    const { url } = await bench.lab.start(order);
    const attempts = await bench.lab.mongo.connection
      .collection('payment_attempts')
      .find({ orderId: order.id })
      .toArray();
    expect(attempts).toMatchObject([{ number: 1, status: 'open', url }]);
  });

  it.each(['before', 'after'] as const)(
    'looks up what a failure hides that Stripe keeps (%s its effect)',
    async (when) => {
      const order = place();
      await bench.standIn.control.failNextCalls({ when, kind: 'kept_500', match: 'POST /v1/checkout/sessions' });
      await expect(bench.lab.start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
      const { url } = await bench.lab.start(order);
      const attempts = await bench.lab.mongo.connection
        .collection('payment_attempts')
        .find({ orderId: order.id })
        .toArray();
      const open = { number: when === 'after' ? 1 : 2, status: 'open', url };
      expect(attempts).toMatchObject(when === 'after' ? [open] : [{ number: 1, status: 'abandoned' }, open]);
      expect(await payCheckoutSession(url ?? '')).toMatchObject({ outcome: 'paid' });
      await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    },
  );

  it('hands out no page about another total', async () => {
    const order = place();
    await bench.standIn.control.skewNextTotal(100);
    await expect(bench.lab.start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    expect((await bench.lab.start(order)).url).toBeDefined();
  });
});

describe('ending a payment before it is made', () => {
  it('closes the page, and says so when the buyer was faster', async () => {
    const [open, paid] = [place(), place()];
    const { url } = await bench.lab.start(open);
    expect(await bench.lab.payments.expireOpenSession(open.id)).toBe('closed');
    expect(await payCheckoutSession(url ?? '')).toEqual({ outcome: 'expired' });
    await bench.standIn.control.holdDeliveries();
    await bench.lab.pay(paid);
    expect(await bench.lab.payments.expireOpenSession(paid.id)).toBe('completed');
    expect(bench.lab.book.stateOf(paid.id)).toBe('paid');
  });

  it('throws while Stripe is away, and changes nothing', async () => {
    const order = place();
    await bench.lab.start(order);
    await bench.standIn.control.failNextCalls({ when: 'before', kind: 'http_500' });
    await expect(bench.lab.payments.expireOpenSession(order.id)).rejects.toMatchObject({
      reason: 'PAYMENT_PROVIDER_UNAVAILABLE',
    });
    expect(await bench.lab.payments.expireOpenSession(order.id)).toBe('closed');
  });
});
