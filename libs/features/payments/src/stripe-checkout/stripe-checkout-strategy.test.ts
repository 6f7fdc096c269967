import { money } from '@cartwright/domain-money';
import { createSilentLogger } from '@cartwright/platform-logger';
import { StripeGatewayError, type CheckoutSession, type StripeGateway } from '@cartwright/platform-stripe';
import { fakeTransactions, fixedClock } from '@cartwright/testkit';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { buildOrder } from '../testing/build-order.fixture.ts';
import { createMemoryAttempts } from '../testing/memory-attempts.fixture.ts';
import { createOrderBook, type OrderBook } from '../testing/order-book.fixture.ts';
import { createStripeCheckoutStrategy } from './stripe-checkout-strategy.ts';

const clock = fixedClock();
const urls = { successUrl: 'https://shop.test/thanks', cancelUrl: 'https://shop.test/cart' };
const unavailable = new StripeGatewayError('unavailable', 'No answer.');
const refused = new StripeGatewayError('refused', 'Not open.');

/** Stripe's sessions, made once per idempotency key. */
function createFakeGateway() {
  const byKey = new Map<string, string>();
  const sessions = new Map<string, CheckoutSession>();
  const gateway = {
    createCoupon: vi.fn<StripeGateway['createCoupon']>(async ({ id }) => ({ id })),
    createCheckoutSession: vi.fn<StripeGateway['createCheckoutSession']>(async (params, { idempotencyKey }) => {
      const id = byKey.get(idempotencyKey) ?? `cs_${byKey.size + 1}`;
      byKey.set(idempotencyKey, id);
      const lines = params.lines.reduce((sum, line) => sum + line.unitAmount.amount * line.quantity, 0);
      const total = money(lines + (params.shipping?.amount.amount ?? 0), 'USD');
      const session: CheckoutSession = {
        id,
        status: 'open',
        paymentStatus: 'unpaid',
        url: `https://pay.test/${id}`,
        total,
        raw: { amount: total.amount, currency: 'usd' },
        paymentIntent: null,
        reference: params.reference,
        metadata: params.metadata,
        expiresAt: new Date(params.expiresAt * 1000),
      };
      sessions.set(id, sessions.get(id) ?? session);
      return sessions.get(id) ?? session;
    }),
    retrieveCheckoutSession: vi.fn<StripeGateway['retrieveCheckoutSession']>(async (id) => sessions.get(id) ?? null),
    retrievePaymentIntent: vi.fn<StripeGateway['retrievePaymentIntent']>(async () => {
      throw unavailable;
    }),
    findCheckoutSession: vi.fn<StripeGateway['findCheckoutSession']>(async ({ reference }) => {
      return [...sessions.values()].find((session) => session.reference === reference) ?? null;
    }),
    expireCheckoutSession: vi.fn<StripeGateway['expireCheckoutSession']>(async (id) => {
      const session = sessions.get(id);
      if (session?.status !== 'open') throw refused;
      const expired: CheckoutSession = { ...session, status: 'expired', url: null };
      sessions.set(id, expired);
      return expired;
    }),
  };
  return { gateway, sessions };
}

let stripe: ReturnType<typeof createFakeGateway>;
let attempts: ReturnType<typeof createMemoryAttempts>;
let book: OrderBook;
let applied: string[];
let strategy: ReturnType<typeof createStripeCheckoutStrategy>;

beforeEach(() => {
  stripe = createFakeGateway();
  attempts = createMemoryAttempts();
  book = createOrderBook();
  applied = [];
  let ids = 0;
  strategy = createStripeCheckoutStrategy({
    gateway: stripe.gateway as unknown as StripeGateway,
    attempts,
    settlement: {
      async apply({ session, news }) {
        applied.push(`${session.id} ${news}`);
        const to = news === 'paid' ? 'paid' : 'expired';
        await attempts.move({ id: session.reference ?? '', from: ['starting', 'open'], to, at: clock() });
        return 'applied';
      },
    },
    refunds: { applyNews: async () => 'applied' },
    orders: book.port,
    mongo: fakeTransactions(),
    logger: createSilentLogger(),
    clock,
    newId: () => `attempt-${(ids += 1)}`,
  });
});

const start = (order = book.add(buildOrder())) => strategy.start({ order, ...urls });

describe('starting a payment', () => {
  it('shares one session between concurrent and later calls', async () => {
    const order = book.add(buildOrder());
    const answers = await Promise.all(Array.from({ length: 20 }, () => strategy.start({ order, ...urls })));
    answers.push(await strategy.start({ order, ...urls }));
    expect(new Set(answers.map(({ url }) => url))).toEqual(new Set(['https://pay.test/cs_1']));
    expect(stripe.gateway.createCheckoutSession).toHaveBeenCalledTimes(1);
    expect(stripe.gateway.createCheckoutSession.mock.calls[0]?.[1]).toEqual({
      idempotencyKey: `checkout:${order.id}:1`,
    });
  });

  it('repeats a call without an answer, unchanged and under the same key', async () => {
    const order = book.add(buildOrder());
    stripe.gateway.createCheckoutSession.mockRejectedValueOnce(unavailable);
    await expect(start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    expect(attempts.all()).toMatchObject([{ status: 'starting', number: 1 }]);
    clock.advance(60_000);
    expect(await start(order)).toEqual({ url: 'https://pay.test/cs_1' });
    const [first, second] = stripe.gateway.createCheckoutSession.mock.calls;
    expect(second).toEqual(first);
  });

  it('asks before repeating a call whose key Stripe may have forgotten', async () => {
    const order = book.add(buildOrder());
    stripe.gateway.createCheckoutSession.mockRejectedValueOnce(unavailable);
    await start(order).catch(() => undefined);
    clock.advance(21 * 60 * 60_000);
    expect(await start(order)).toEqual({ url: 'https://pay.test/cs_1' });
    expect(stripe.gateway.findCheckoutSession).toHaveBeenCalledTimes(1);
    expect(attempts.all().map(({ status, number }) => [status, number])).toEqual([
      ['abandoned', 1],
      ['open', 2],
    ]);
    expect(stripe.gateway.createCheckoutSession.mock.calls[1]?.[1]).toEqual({
      idempotencyKey: `checkout:${order.id}:2`,
    });
  });

  it('hands out no page about another total', async () => {
    stripe.gateway.createCheckoutSession.mockImplementationOnce(async (params) => ({
      id: 'cs_wrong',
      status: 'open',
      paymentStatus: 'unpaid',
      url: 'https://pay.test/cs_wrong',
      total: money(1, 'USD'),
      raw: { amount: 1, currency: 'usd' },
      paymentIntent: null,
      reference: params.reference,
      metadata: {},
      expiresAt: clock(),
    }));
    await expect(start()).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    expect(stripe.gateway.expireCheckoutSession).toHaveBeenCalledWith('cs_wrong');
    expect(attempts.all()).toMatchObject([{ status: 'failed', problem: 'session_total_differs' }]);
  });

  it('tries a refused attempt no second time', async () => {
    stripe.gateway.createCheckoutSession.mockRejectedValueOnce(
      new StripeGatewayError('refused', 'No.', { code: 'no' }),
    );
    await expect(start()).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    expect(stripe.gateway.createCheckoutSession).toHaveBeenCalledTimes(1);
    expect(attempts.all()).toMatchObject([{ status: 'failed', problem: 'no' }]);
  });

  it('ends a session that is about to run out and opens another', async () => {
    const order = book.add(buildOrder());
    await start(order);
    clock.set(new Date((attempts.all()[0]?.expiresAt.getTime() ?? 0) - 30_000));
    expect(await start(order)).toEqual({ url: 'https://pay.test/cs_2' });
    expect(stripe.sessions.get('cs_1')?.status).toBe('expired');
  });

  it('hands out no page that runs out while it cannot be ended', async () => {
    const order = book.add(buildOrder());
    await start(order);
    clock.set(new Date((attempts.all()[0]?.expiresAt.getTime() ?? 0) - 30_000));
    stripe.gateway.expireCheckoutSession.mockRejectedValueOnce(unavailable);
    await expect(start(order)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
  });

  it('hands out the page that another process got, as long as it can be paid', async () => {
    const secondsLeft = async (seconds: number, meanwhile: (orderId: string) => void = () => undefined) => {
      const order = book.add(buildOrder());
      stripe.gateway.createCheckoutSession.mockImplementationOnce(async () => {
        const { id = '' } = attempts.all().at(-1) ?? {};
        const expiresAt = new Date(clock().getTime() + seconds * 1000);
        await attempts.open(id, { sessionId: 'cs_other', url: 'https://pay.test/cs_other', expiresAt }, clock());
        meanwhile(order.id);
        throw unavailable;
      });
      return start(order);
    };
    expect(await secondsLeft(600)).toEqual({ url: 'https://pay.test/cs_other' });
    await expect(secondsLeft(30)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    await expect(secondsLeft(600, book.cancel)).rejects.toMatchObject({ reason: 'ORDER_NOT_PAYABLE' });
  });

  it('gives no page of an order canceled in the meantime', async () => {
    const order = book.add(buildOrder());
    book.cancel(order.id);
    await expect(start(order)).rejects.toMatchObject({ reason: 'ORDER_NOT_PAYABLE' });
    expect(stripe.sessions.get('cs_1')?.status).toBe('expired');
  });

  it('finds out that the buyer was faster', async () => {
    const order = book.add(buildOrder());
    await start(order);
    const open = stripe.sessions.get('cs_1');
    if (open) stripe.sessions.set('cs_1', { ...open, status: 'complete', paymentStatus: 'paid', url: null });
    clock.set(attempts.all()[0]?.expiresAt ?? clock());
    await expect(start(order)).rejects.toMatchObject({ reason: 'ORDER_NOT_PAYABLE' });
    expect(applied).toEqual(['cs_1 paid']);
  });

  it('is not offered below what Stripe charges', async () => {
    const order = buildOrder({ lines: [{ unitPrice: 20, quantity: 1 }], shipping: null, taxBasisPoints: 0 });
    await expect(start(book.add(order))).rejects.toMatchObject({ reason: 'PAYMENT_METHOD_UNAVAILABLE' });
  });
});

describe('making sure nobody can pay any more', () => {
  it('expires the open session', async () => {
    const order = book.add(buildOrder());
    await start(order);
    expect(await strategy.cancel(order.id)).toBe('closed');
    expect(stripe.sessions.get('cs_1')?.status).toBe('expired');
    expect(await strategy.cancel(order.id)).toBe('closed');
  });

  it('finds the session of a call that was never answered', async () => {
    const order = book.add(buildOrder());
    stripe.gateway.createCheckoutSession.mockRejectedValueOnce(unavailable);
    await start(order).catch(() => undefined);
    expect(await strategy.cancel(order.id)).toBe('closed');
    expect(stripe.sessions.get('cs_1')?.status).toBe('expired');
  });

  it('says so when the payment was completed, and applies it', async () => {
    const order = book.add(buildOrder());
    await start(order);
    const open = stripe.sessions.get('cs_1');
    if (open) stripe.sessions.set('cs_1', { ...open, status: 'complete', paymentStatus: 'paid', url: null });
    expect(await strategy.cancel(order.id)).toBe('completed');
    expect(applied).toEqual(['cs_1 paid']);
  });

  it('throws for a page that Stripe does not end', async () => {
    const order = book.add(buildOrder());
    await start(order);
    stripe.gateway.expireCheckoutSession.mockRejectedValueOnce(refused);
    await expect(strategy.cancel(order.id)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    expect(attempts.all()).toMatchObject([{ status: 'open' }]);
    expect(await strategy.cancel(order.id)).toBe('closed');
  });

  it('throws while the outcome is unknown', async () => {
    const order = book.add(buildOrder());
    await start(order);
    stripe.gateway.expireCheckoutSession.mockRejectedValueOnce(unavailable);
    await expect(strategy.cancel(order.id)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    const [id, session] = [...stripe.sessions][0] ?? [];
    if (!id || !session) throw new Error('no session');
    stripe.sessions.set(id, { ...session, status: 'complete', paymentIntent: 'pi_1' });
    await expect(strategy.cancel(order.id)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    expect(attempts.all()).toMatchObject([{ status: 'open' }]);
  });
});
