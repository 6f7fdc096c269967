import { payCheckoutSession, type RunningStripeStandIn } from '@cartwright/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildOrder } from './testing/build-order.fixture.ts';
import { createPaymentLab, startLabStripe, type PaymentLab } from './testing/payment-lab.fixture.ts';

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
const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(async () => {
    await lab.drain();
    await check();
  }, 10_000);

/** Ids of the events that the stand-in made for an order's session, oldest first. */
async function eventsOf(orderId: string): Promise<{ id: string; type: string }[]> {
  const found = [];
  const types = ['checkout.session.completed', 'checkout.session.async_payment_succeeded', 'checkout.session.expired'];
  for await (const { event } of lab.gateway.listEvents({ types, since: new Date(Date.now() - 600_000) })) {
    if (event.object.kind === 'checkout_session' && event.object.session.metadata['orderId'] === orderId) {
      found.push({ id: event.id, type: event.type });
    }
  }
  return found.reverse();
}

describe('a payment through Stripe Checkout', () => {
  it('is booked once, with discount, tax and shipping', async () => {
    const order = place({ discount: { kind: 'percentage', basisPoints: 1500 } });
    const urls = await Promise.all(Array.from({ length: 8 }, () => lab.start(order)));
    expect(new Set(urls.map(({ url }) => url)).size).toBe(1);
    expect(await payCheckoutSession(urls[0]?.url ?? '')).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
    expect(lab.book.payments).toMatchObject([{ orderId: order.id, provider: 'stripe', amount: order.total }]);
    expect(await lab.ledger.paymentsOf(order.id)).toMatchObject([{ refundable: order.total.amount }]);
    await expect(lab.start(order)).rejects.toMatchObject({ reason: 'ORDER_NOT_PAYABLE' });
  });

  it('goes on after a decline on the same page', async () => {
    const order = place();
    expect(await lab.pay(order, { card: '4000000000000002' })).toMatchObject({ outcome: 'declined' });
    expect(await lab.pay(order)).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
  });

  it('waits for a bank, which pays or does not; then the order can be paid anew', async () => {
    const [paid, failed] = [place(), place()];
    for (const order of [paid, failed]) {
      expect(await lab.pay(order, { bank: 'pending' })).toMatchObject({ outcome: 'processing' });
      await eventually(() => expect(lab.book.stateOf(order.id)).toBe('processing'));
      await expect(lab.start(order)).rejects.toMatchObject({ reason: 'ORDER_NOT_PAYABLE' });
    }
    const sessionOf = async (orderId: string) => {
      const since = new Date(Date.now() - 600_000);
      for await (const { event } of lab.gateway.listEvents({ types: ['checkout.session.completed'], since })) {
        if (event.object.kind !== 'checkout_session') continue;
        if (event.object.session.metadata['orderId'] === orderId) return event.object.session.id;
      }
      return '';
    };
    await standIn.control.settlePayment(await sessionOf(paid.id), 'succeeded');
    await standIn.control.settlePayment(await sessionOf(failed.id), 'failed');
    await eventually(() => {
      expect(lab.book.stateOf(paid.id)).toBe('paid');
      expect(lab.book.stateOf(failed.id)).toBe('pending');
    });
    expect(await lab.pay(failed)).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(lab.book.stateOf(failed.id)).toBe('paid'));
  });

  it('is not needed where nothing is due, and not made for cash on delivery', async () => {
    const free = place({ discount: { kind: 'percentage', basisPoints: 10_000 }, shipping: null });
    expect(await lab.start(free)).toEqual({});
    expect(await lab.start(free)).toEqual({});
    expect(lab.book.payments).toMatchObject([{ orderId: free.id, provider: 'none', amount: { amount: 0 } }]);
    const cash = place({ paymentMethod: 'cash_on_delivery' });
    expect(await lab.start(cash)).toEqual({});
    expect(lab.book.stateOf(cash.id)).toBe('pending');
  });
});

describe('webhooks', () => {
  it('lead to one capture, in every order and three times each', async () => {
    const permutations = [
      [0, 1],
      [1, 0],
    ];
    for (const permutation of permutations) {
      await standIn.control.holdDeliveries();
      const order = place();
      await lab.pay(order, { bank: 'pending' });
      const [completed] = await eventsOf(order.id);
      const session = await lab.gateway.findCheckoutSession({
        reference: (await attemptOf(order.id))?._id ?? '',
        since: new Date(Date.now() - 600_000),
      });
      await standIn.control.settlePayment(session?.id ?? '', 'succeeded');
      const [, succeeded] = await eventsOf(order.id);
      const ids = [completed?.id ?? '', succeeded?.id ?? ''];
      await standIn.control.releaseDeliveries({ order: permutation.map((index) => ids[index] ?? '') });
      for (const id of [...ids, ...ids]) await standIn.control.redeliver(id);
      await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
      expect(lab.book.payments.filter(({ orderId }) => orderId === order.id)).toHaveLength(1);
    }
  });

  it('applied by several instances at once lead to one capture', async () => {
    const order = place();
    await standIn.control.holdDeliveries();
    await lab.pay(order);
    await standIn.control.releaseDeliveries();
    const [completed] = await eventsOf(order.id);
    const applications = await Promise.allSettled(Array.from({ length: 6 }, () => lab.applyEvent(completed?.id ?? '')));
    expect(applications.some(({ status }) => status === 'fulfilled')).toBe(true);
    await lab.applyEvent(completed?.id ?? '');
    expect(await lab.ledger.paymentsOf(order.id)).toHaveLength(1);
    expect(lab.book.payments).toHaveLength(1);
    expect(lab.book.stateOf(order.id)).toBe('paid');
  });

  it('are refused unsigned, and kept but left alone when they mean nothing to us', async () => {
    expect(await lab.webhooks.receiveWebhook(Buffer.from('{}'), 't=1,v1=forged')).toBe('refused');
    const stranger = await lab.gateway.createCheckoutSession(
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
      const stored = await lab.mongo.connection.collection('payment_events').find({}).toArray();
      const statuses = Object.fromEntries(stored.map((event) => [event['type'], event['status']]));
      expect(statuses).toMatchObject({ 'checkout.session.completed': 'unmatched', 'charge.succeeded': 'ignored' });
    });
    expect(lab.book.payments).toEqual([]);
  });

  it('that never came are found by the reconciler, and so is what was paid', async () => {
    const order = place();
    await standIn.control.holdDeliveries();
    await lab.pay(order);
    await standIn.control.dropDeliveries();
    expect(await lab.reconcileOpenSessions()).toMatchObject({ attempts: 1, failures: 0 });
    expect(lab.book.stateOf(order.id)).toBe('paid');
    await lab.drain();
    expect(lab.book.payments).toHaveLength(1);
  });
});

describe('when Stripe fails', () => {
  it('makes one session, whichever answers were lost', async () => {
    const order = place();
    await standIn.control.failNextCalls({ when: 'before', kind: 'http_500', match: 'POST /v1/checkout/sessions' });
    await expect(lab.start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    await standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/checkout/sessions' });
    await expect(lab.start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    const { url } = await lab.start(order);
    const attempts = await lab.mongo.connection.collection('payment_attempts').find({ orderId: order.id }).toArray();
    expect(attempts).toMatchObject([{ number: 1, status: 'open', url }]);
  });

  it.each(['before', 'after'] as const)(
    'looks up what a failure hides that Stripe keeps (%s its effect)',
    async (when) => {
      const order = place();
      await standIn.control.failNextCalls({ when, kind: 'kept_500', match: 'POST /v1/checkout/sessions' });
      await expect(lab.start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
      const { url } = await lab.start(order);
      const attempts = await lab.mongo.connection.collection('payment_attempts').find({ orderId: order.id }).toArray();
      const open = { number: when === 'after' ? 1 : 2, status: 'open', url };
      expect(attempts).toMatchObject(when === 'after' ? [open] : [{ number: 1, status: 'abandoned' }, open]);
      expect(await payCheckoutSession(url ?? '')).toMatchObject({ outcome: 'paid' });
      await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
    },
  );

  it('hands out no page about another total', async () => {
    const order = place();
    await standIn.control.skewNextTotal(100);
    await expect(lab.start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    expect((await lab.start(order)).url).toBeDefined();
  });
});

describe('money that came too late or does not fit', () => {
  it('is given back once when the order was canceled', async () => {
    const order = place();
    const { url } = await lab.start(order);
    lab.book.cancel(order.id);
    await standIn.control.holdDeliveries();
    await payCheckoutSession(url ?? '');
    await standIn.control.releaseDeliveries({ order: 'reverse' });
    for (const { id } of await eventsOf(order.id)) await standIn.control.redeliver(id, 2);
    await eventually(async () => {
      const [payment] = await lab.ledger.paymentsOf(order.id);
      expect(await lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([
        { cause: 'late', status: 'succeeded', amount: order.total },
      ]);
    });
    await lab.reconcileOpenSessions();
    await lab.drain();
    const [payment] = await lab.ledger.paymentsOf(order.id);
    expect(await lab.gateway.listRefunds(payment?.reference ?? '')).toHaveLength(1);
    expect(payment?.refundable).toBe(0);
  });

  it('is set aside when amount or currency differ', async () => {
    for (const change of [{ amountTotal: 100 }, { currency: 'eur' }]) {
      const order = place();
      const { url } = await lab.start(order);
      await standIn.control.alterSession(url?.split('/').at(-1) ?? '', change);
      await payCheckoutSession(url ?? '');
      const reason = 'currency' in change ? 'currency_mismatch' : 'amount_mismatch';
      await eventually(async () => {
        const kept = (await lab.ledger.quarantined(10)).filter(({ orderId }) => orderId === order.id);
        expect(kept).toMatchObject([{ reason, expected: order.total }]);
      });
      expect(lab.book.stateOf(order.id)).toBe('pending');
      expect(await lab.payments.expireOpenSession(order.id)).toBe('completed');
    }
  });

  it('goes back once when somebody decides so, and the order can be paid anew', async () => {
    const order = place();
    const { url } = await lab.start(order);
    await standIn.control.alterSession(url?.split('/').at(-1) ?? '', { amountTotal: 100 });
    await payCheckoutSession(url ?? '');
    const waiting = async () =>
      (await lab.quarantine.list({ limit: 100 })).items.filter(({ orderId }) => orderId === order.id);
    await eventually(async () => expect(await waiting()).toHaveLength(1));
    const [kept] = await waiting();
    const resolve = () => lab.quarantine.resolve({ id: kept?.id ?? '', action: 'refund', note: 'Too little' }, 'boss');
    await resolve();
    await expect(resolve()).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect(await waiting()).toEqual([]);
    await eventually(async () => {
      const made = await lab.gateway.listRefunds(kept?.reference ?? '');
      expect(made.map(({ amount, status }) => [amount.amount, status])).toEqual([[100, 'succeeded']]);
    });
    expect(await lab.payments.expireOpenSession(order.id)).toBe('closed');
    expect(await lab.pay(order)).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
  });
});

describe("a bank's payment of another sum", () => {
  it('frees its order once somebody has dealt with it', async () => {
    const order = place();
    const { url = '' } = await lab.start(order);
    const session = url.split('/').at(-1) ?? '';
    expect(await payCheckoutSession(url, { bank: 'pending' })).toMatchObject({ outcome: 'processing' });
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('processing'));
    await standIn.control.alterSession(session, { amountTotal: 100 });
    await standIn.control.settlePayment(session, 'succeeded');
    const waiting = async () =>
      (await lab.quarantine.list({ limit: 100 })).items.filter(({ orderId }) => orderId === order.id);
    await eventually(async () => expect(await waiting()).toHaveLength(1));
    await lab.quarantine.resolve({ id: (await waiting())[0]?.id ?? '', action: 'settled' }, 'boss');
    expect(lab.book.stateOf(order.id)).toBe('pending');
    expect(await lab.pay(order)).toMatchObject({ outcome: 'paid' });
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
  });
});

describe('ending a payment before it is made', () => {
  it('closes the page, and says so when the buyer was faster', async () => {
    const [open, paid] = [place(), place()];
    const { url } = await lab.start(open);
    expect(await lab.payments.expireOpenSession(open.id)).toBe('closed');
    expect(await payCheckoutSession(url ?? '')).toEqual({ outcome: 'expired' });
    await standIn.control.holdDeliveries();
    await lab.pay(paid);
    expect(await lab.payments.expireOpenSession(paid.id)).toBe('completed');
    expect(lab.book.stateOf(paid.id)).toBe('paid');
  });

  it('throws while Stripe is away, and changes nothing', async () => {
    const order = place();
    await lab.start(order);
    await standIn.control.failNextCalls({ when: 'before', kind: 'http_500' });
    await expect(lab.payments.expireOpenSession(order.id)).rejects.toMatchObject({
      reason: 'PAYMENT_PROVIDER_UNAVAILABLE',
    });
    expect(await lab.payments.expireOpenSession(order.id)).toBe('closed');
  });
});

describe('the reconciler', () => {
  it('closes the page of an order that was canceled while nobody could tell Stripe', async () => {
    const order = place();
    const { url } = await lab.start(order);
    lab.book.cancel(order.id);
    await lab.reconcileOpenSessions();
    expect(await payCheckoutSession(url ?? '')).toEqual({ outcome: 'expired' });
  });

  it('stops when its time is up, and leaves the rest to the next run', async () => {
    const order = place();
    await standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/checkout/sessions' });
    await lab.start(order).catch(() => undefined);
    expect(await lab.reconcileOpenSessions(AbortSignal.abort())).toMatchObject({ attempts: 0, failures: 0 });
    expect(await lab.reconcileOpenSessions()).toMatchObject({ attempts: 1, failures: 0 });
  });

  it('finds the session of a call that was never answered', async () => {
    const order = place();
    await standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/checkout/sessions' });
    await lab.start(order).catch(() => undefined);
    expect(await lab.reconcileOpenSessions()).toMatchObject({ attempts: 1, failures: 0 });
    expect(await attemptOf(order.id)).toMatchObject({ status: 'open' });
  });

  it('goes on with the others when Stripe fails in between', async () => {
    const orders = [place(), place()];
    await standIn.control.holdDeliveries();
    for (const order of orders) await lab.pay(order);
    await standIn.control.dropDeliveries();
    await standIn.control.failNextCalls({ when: 'before', kind: 'http_500', match: 'GET /v1/checkout/sessions/' });
    const startedAt = new Date();
    expect(await lab.reconcileOpenSessions()).toMatchObject({ attempts: 1, failures: 1 });
    // The one that failed goes to the end of the line.
    const looked = await Promise.all(orders.map(({ id }) => attemptOf(id)));
    expect(looked.every((attempt) => attempt && attempt.updatedAt >= startedAt)).toBe(true);
    await lab.drain();
    expect(orders.map(({ id }) => lab.book.stateOf(id))).toEqual(['paid', 'paid']);
  });
});

describe('refunds', () => {
  it('never exceed what was captured, however many are asked for at once', async () => {
    const order = place({ lines: [{ unitPrice: 1000, quantity: 1 }], taxBasisPoints: 0, shipping: null });
    await lab.pay(order);
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await lab.ledger.paymentsOf(order.id);
    const ask = () =>
      lab.mongo.transaction((tx) =>
        lab.requestRefund({ paymentId: payment?.id ?? '', amount: { amount: 300, currency: 'USD' } }, tx),
      );
    const asked = await Promise.all(Array.from({ length: 12 }, ask));
    expect(asked.filter((refund) => refund !== null)).toHaveLength(3);
    await lab.drain();
    const made = await lab.gateway.listRefunds(payment?.reference ?? '');
    expect(made.map(({ amount, status }) => [amount.amount, status])).toEqual([
      [300, 'succeeded'],
      [300, 'succeeded'],
      [300, 'succeeded'],
    ]);
    expect([...lab.book.refunds.values()]).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('happen once when answers get lost', async () => {
    const order = place();
    await lab.pay(order);
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await lab.ledger.paymentsOf(order.id);
    await lab.mongo.transaction((tx) =>
      lab.requestRefund({ paymentId: payment?.id ?? '', amount: { amount: 500, currency: 'USD' } }, tx),
    );
    await standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/refunds' });
    await expect(lab.drain()).rejects.toMatchObject({ kind: 'unavailable' });
    await lab.reconcileOpenSessions();
    await lab.drain();
    expect(await lab.gateway.listRefunds(payment?.reference ?? '')).toHaveLength(1);
    expect(await lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ status: 'succeeded', cause: 'order' }]);
  });

  it('are found when Stripe keeps a failure in place of the refund it made', async () => {
    const order = place();
    await lab.pay(order);
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await lab.ledger.paymentsOf(order.id);
    await standIn.control.holdDeliveries();
    await lab.mongo.transaction((tx) =>
      lab.requestRefund({ paymentId: payment?.id ?? '', amount: { amount: 500, currency: 'USD' } }, tx),
    );
    await standIn.control.failNextCalls({ when: 'after', kind: 'kept_500', match: 'POST /v1/refunds' });
    await expect(lab.drain()).rejects.toMatchObject({ kind: 'unavailable' });
    await lab.reconcileOpenSessions();
    expect(await lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ status: 'succeeded', cause: 'order' }]);
    expect(await lab.gateway.listRefunds(payment?.reference ?? '')).toHaveLength(1);
    await standIn.control.releaseDeliveries();
  });

  it('that went through are released when the bank sends them back', async () => {
    const order = place();
    await lab.pay(order, { card: '4000 0000 0000 5126' });
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await lab.ledger.paymentsOf(order.id);
    await lab.mongo.transaction((tx) => lab.requestRefund({ paymentId: payment?.id ?? '', amount: order.total }, tx));
    await lab.drain();
    const [refund] = await lab.ledger.refundsOf(payment?.id ?? '');
    expect(refund).toMatchObject({ status: 'succeeded' });
    expect(await standIn.control.settleRefund(refund?.providerRefundId ?? '', 'failed')).toBe(true);
    await eventually(async () => {
      expect(await lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ status: 'failed' }]);
      expect((await lab.ledger.paymentsOf(order.id))[0]?.refundable).toBe(order.total.amount);
    });
  });

  it('never leave more than was captured, whatever went back elsewhere first', async () => {
    const order = place();
    await lab.pay(order);
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await lab.ledger.paymentsOf(order.id);
    const { id: paymentId = '', reference = '' } = payment ?? {};
    await standIn.control.nextRefund('pending');
    const part = { amount: 1_000, currency: 'USD' };
    await lab.gateway.createRefund(
      { paymentIntent: reference, amount: part, metadata: {} },
      { idempotencyKey: `first-${order.id}` },
    );
    const left = async () => (await lab.ledger.paymentsOf(order.id))[0]?.refundable;
    await eventually(async () => expect(await left()).toBe(order.total.amount - 1_000));
    // As a dispute does: over the whole payment, whatever was refunded of it.
    await lab.mongo.transaction(async (tx) => {
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
      await lab.ledger.insertRefund(dispute, tx);
      await lab.ledger.recount(paymentId, tx);
    });
    expect(await left()).toBe(0);
    await lab.mongo.transaction(async (tx) => {
      await lab.ledger.moveRefund({ id: 'dispute', from: ['pending'], to: 'failed', at: new Date() }, tx);
      await lab.ledger.recount(paymentId, tx);
    });
    expect(await left()).toBe(order.total.amount - 1_000);
  });

  it('made at Stripe enter the ledger, and one that bounces is released', async () => {
    const order = place();
    await lab.pay(order);
    await eventually(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await lab.ledger.paymentsOf(order.id);
    await standIn.control.nextRefund('pending');
    const made = await lab.gateway.createRefund(
      { paymentIntent: payment?.reference ?? '', amount: { amount: 1000, currency: 'USD' }, metadata: {} },
      { idempotencyKey: `external-${order.id}` },
    );
    const total = order.total.amount;
    await eventually(async () => {
      expect(await lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ cause: 'external', status: 'pending' }]);
      expect((await lab.ledger.paymentsOf(order.id))[0]?.refundable).toBe(total - 1000);
    });
    await standIn.control.settleRefund(made.id, 'failed');
    await eventually(async () => {
      expect(await lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ status: 'failed' }]);
      expect((await lab.ledger.paymentsOf(order.id))[0]?.refundable).toBe(total);
    });
  });
});

function attemptOf(orderId: string) {
  return lab.mongo.connection.collection<{ _id: string; updatedAt: Date }>('payment_attempts').findOne({ orderId });
}
