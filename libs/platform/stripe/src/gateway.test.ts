import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { money } from '@cartwright/domain-money';
import { payCheckoutSession, startStripeStandIn, type RunningStripeStandIn } from '@cartwright/tool-stripe-standin';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromStripeAmount, toStripeAmount } from './amounts.ts';
import { createStripeGateway, minimumCharge, type CheckoutSessionParams, type StripeGateway } from './index.ts';

const SECRET_KEY = 'sk_test_gateway';
const WEBHOOK_SECRET = 'whsec_gateway';
let standIn: RunningStripeStandIn;
let gateway: StripeGateway;

beforeAll(async () => {
  standIn = await startStripeStandIn({ secretKey: SECRET_KEY });
  gateway = createStripeGateway({ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, apiBase: standIn.url });
});
afterAll(() => standIn.stop());

const usd = (amount: number) => money(amount, 'USD');

function sessionParams(extra: Partial<CheckoutSessionParams> = {}): CheckoutSessionParams {
  return {
    reference: 'order-1',
    metadata: { orderId: 'order-1' },
    description: 'CW-1',
    lines: [{ name: 'Mug', unitAmount: usd(1999), quantity: 2 }],
    successUrl: 'http://shop.test/thanks',
    cancelUrl: 'http://shop.test/cart',
    expiresAt: Math.floor(Date.now() / 1000) + 3600,
    ...extra,
  };
}

describe('amounts', () => {
  it.each([
    [money(1999, 'USD'), 1999],
    [money(500, 'JPY'), 500],
    [money(12_340, 'KWD'), 12_340],
    [money(1050, 'ISK'), 105_000],
    [money(700, 'UGX'), 70_000],
  ])('converts %j both ways', (value, amount) => {
    expect(toStripeAmount(value)).toBe(amount);
    expect(fromStripeAmount(amount, value.currency.toLowerCase())).toEqual(value);
  });

  it('knows what is too little to be charged', () => {
    expect(minimumCharge('USD')).toEqual(money(50, 'USD'));
    expect(minimumCharge('KRW')).toEqual(money(50, 'KRW'));
    expect(minimumCharge('ISK')).toEqual(money(0, 'ISK'));
  });

  it('refuses parts of a unit that can have no parts', () => {
    expect(() => fromStripeAmount(105_050, 'isk')).toThrow(RangeError);
  });
});

describe('the gateway', () => {
  it('makes sessions whose total is ours, with a one-use coupon and shipping', async () => {
    const coupon = await gateway.createCoupon(
      { id: 'cw-order-1', amountOff: usd(500), name: 'SPRING', metadata: {} },
      { idempotencyKey: 'coupon:order-1:1' },
    );
    const params = sessionParams({ coupon: coupon.id, shipping: { label: 'Standard', amount: usd(490) } });
    const session = await gateway.createCheckoutSession(params, { idempotencyKey: 'session:order-1:1' });
    expect(session).toMatchObject({
      status: 'open',
      paymentStatus: 'unpaid',
      total: usd(3988),
      reference: 'order-1',
      metadata: { orderId: 'order-1' },
      paymentIntent: null,
    });
    const again = await gateway.createCheckoutSession(params, { idempotencyKey: 'session:order-1:1' });
    expect(again.id).toBe(session.id);
    await expect(
      gateway.createCheckoutSession({ ...params, reference: 'x' }, { idempotencyKey: 'session:order-1:1' }),
    ).rejects.toMatchObject({ name: 'StripeGatewayError', kind: 'invalid' });
  });

  it('follows a payment and gives it back in parts', async () => {
    const open = await gateway.createCheckoutSession(sessionParams(), { idempotencyKey: 'session:order-2:1' });
    await payCheckoutSession(open.url ?? '');
    const paid = await gateway.retrieveCheckoutSession(open.id);
    expect(paid).toMatchObject({ status: 'complete', paymentStatus: 'paid', url: null });
    const paymentIntent = paid?.paymentIntent ?? '';
    const refund = await gateway.createRefund(
      { paymentIntent, amount: usd(1000), metadata: {} },
      { idempotencyKey: 'refund:1:1' },
    );
    expect(refund).toMatchObject({ status: 'succeeded', amount: usd(1000), paymentIntent });
    const tooMuch = gateway.createRefund(
      { paymentIntent, amount: usd(9999), metadata: {} },
      { idempotencyKey: 'refund:2:1' },
    );
    await expect(tooMuch).rejects.toMatchObject({ kind: 'refused' });
    await gateway.createRefund({ paymentIntent, metadata: {} }, { idempotencyKey: 'refund:3:1' });
    await expect(
      gateway.createRefund({ paymentIntent, metadata: {} }, { idempotencyKey: 'refund:4:1' }),
    ).rejects.toMatchObject({ kind: 'refused', code: 'charge_already_refunded' });
    expect((await gateway.listRefunds(paymentIntent)).map(({ amount }) => amount.amount)).toEqual([2998, 1000]);
    await expect(gateway.expireCheckoutSession(open.id)).rejects.toMatchObject({ kind: 'refused' });
    const since = new Date(Date.now() - 60_000);
    const events = [];
    for await (const event of gateway.listEvents({ types: ['checkout.session.completed'], since })) events.push(event);
    expect(events[0]?.event).toMatchObject({ object: { kind: 'checkout_session', session: { id: open.id } } });
  });

  it('lists what was begun in a period, and nothing else', async () => {
    const open = await gateway.createCheckoutSession(sessionParams(), { idempotencyKey: 'session:order-9:1' });
    await payCheckoutSession(open.url ?? '');
    const id = (await gateway.retrieveCheckoutSession(open.id))?.paymentIntent ?? '';
    const params = { paymentIntent: id, amount: usd(100), metadata: { refundId: 'r' } };
    const refund = await gateway.createRefund(params, { idempotencyKey: 'refund:9:1' });
    const disputeId = await standIn.control.openDispute(id, 50);
    const idsOf = async (from: number, to: number) => {
      const period = { from: new Date(Date.now() + from), to: new Date(Date.now() + to) };
      const found: string[] = [];
      for await (const intent of gateway.listPaymentIntents(period)) found.push(intent.id);
      for await (const made of gateway.listRefundsOf(period)) found.push(made.id);
      for await (const dispute of gateway.listDisputes(period)) found.push(dispute.id);
      return found;
    };
    expect(await idsOf(-60_000, 2_000)).toEqual(expect.arrayContaining([id, refund.id, disputeId]));
    expect(await idsOf(-120_000, -60_000)).toEqual([]);
    expect(await gateway.retrievePaymentIntent(id)).toEqual({
      ...{ id, status: 'succeeded', received: usd(3998) },
      metadata: expect.objectContaining({ orderId: 'order-1' }) as unknown,
    });
  });

  it('finds a session by the reference it was made for', async () => {
    const since = new Date(Date.now() - 60_000);
    const made = await gateway.createCheckoutSession(sessionParams({ reference: 'attempt-7' }), {
      idempotencyKey: 'session:order-7:1',
    });
    expect((await gateway.findCheckoutSession({ reference: 'attempt-7', since }))?.id).toBe(made.id);
    expect(await gateway.findCheckoutSession({ reference: 'attempt-8', since })).toBeNull();
  });

  it('finds nothing under an unknown id', async () => {
    expect(await gateway.retrieveCheckoutSession('cs_test_none')).toBeNull();
    expect(await gateway.retrieveRefund('re_none')).toBeNull();
  });

  it('tries again under the same key when an answer is lost, and takes effect once', async () => {
    await standIn.control.failNextCalls({ when: 'after', kind: 'disconnect', match: 'POST /v1/checkout/sessions' });
    const key = { idempotencyKey: 'session:order-3:1' };
    const params = sessionParams({ reference: 'order-3' });
    const session = await gateway.createCheckoutSession(params, key);
    expect((await gateway.createCheckoutSession(params, key)).id).toBe(session.id);
  });

  it('tells that Stripe is unavailable', async () => {
    const away = createStripeGateway({
      secretKey: SECRET_KEY,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: 'http://127.0.0.1:1',
      networkRetries: 0,
    });
    await expect(away.retrieveCheckoutSession('cs_1')).rejects.toMatchObject({ kind: 'unavailable' });
    const strict = createStripeGateway({
      secretKey: SECRET_KEY,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: standIn.url,
      networkRetries: 0,
      timeoutMs: 100,
    });
    for (const kind of ['http_500', 'http_429', 'hang'] as const) {
      await standIn.control.failNextCalls({ when: 'before', kind, match: 'GET /v1/checkout/sessions' });
      await expect(strict.retrieveCheckoutSession('cs_1')).rejects.toMatchObject({ kind: 'unavailable' });
    }
  });

  it('tells a failure that Stripe keeps under the key from one that may pass', async () => {
    const strict = createStripeGateway({
      secretKey: SECRET_KEY,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: standIn.url,
      networkRetries: 0,
    });
    await standIn.control.failNextCalls({ when: 'before', kind: 'kept_500', match: 'POST /v1/checkout/sessions' });
    const create = () => strict.createCheckoutSession(sessionParams(), { idempotencyKey: 'session:kept:1' });
    await expect(create()).rejects.toMatchObject({ kind: 'unavailable', replayed: false });
    await expect(create()).rejects.toMatchObject({ kind: 'unavailable', replayed: true });
  });

  it('takes a failure behind Stripe for an unknown outcome', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(424, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { type: 'api_error', message: 'External dependency failed' } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const asking = createStripeGateway({
      secretKey: SECRET_KEY,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: `http://127.0.0.1:${port}`,
      networkRetries: 0,
    });
    const refund = asking.createRefund({ paymentIntent: 'pi_1', metadata: {} }, { idempotencyKey: 'refund:424:1' });
    await expect(refund).rejects.toMatchObject({ kind: 'unavailable' });
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('tells a wrong key from an outage', async () => {
    const other = createStripeGateway({ secretKey: 'sk_test_no', webhookSecret: 'whsec_x', apiBase: standIn.url });
    await expect(other.retrieveCheckoutSession('cs_1')).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('webhooks', () => {
  const body = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'invoice.paid',
    created: 1_760_000_000,
    livemode: false,
    data: { object: {} },
  });
  const signed = (payload: string, secret: string, timestamp = Math.floor(Date.now() / 1000)): string =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

  it('accepts what Stripe signed, types it does not know included', () => {
    const verified = gateway.verifyWebhook(Buffer.from(body), signed(body, WEBHOOK_SECRET));
    expect(verified).toMatchObject({
      ok: true,
      event: { id: 'evt_1', type: 'invoice.paid', object: { kind: 'other' } },
    });
    expect(gateway.readEvent(body).id).toBe('evt_1');
  });

  it('accepts refunds of money that is none of ours', () => {
    const refund = {
      id: 're_1',
      amount: 50,
      currency: 'xts',
      status: 'succeeded',
      payment_intent: 'pi_1',
      metadata: {},
    };
    for (const currency of ['xts', 'isk']) {
      const event = { ...JSON.parse(body), type: 'refund.created', data: { object: { ...refund, currency } } };
      const payload = JSON.stringify(event);
      const verified = gateway.verifyWebhook(payload, signed(payload, WEBHOOK_SECRET));
      expect(verified).toMatchObject({ ok: true, event: { id: 'evt_1', object: { kind: 'other' } } });
    }
  });

  it.each([
    ['charge.dispute.created', 'warning_needs_response', 0, { kind: 'other' }],
    ['charge.dispute.funds_withdrawn', 'needs_response', 1, { kind: 'dispute', dispute: { status: 'open' } }],
    ['charge.dispute.funds_reinstated', 'won', 2, { kind: 'dispute', dispute: { status: 'won' } }],
    ['charge.dispute.closed', 'lost', 1, { kind: 'dispute', dispute: { status: 'lost' } }],
    ['charge.dispute.updated', 'appeal_under_review', 1, { kind: 'dispute', dispute: { status: 'open' } }],
    ['charge.dispute.created', 'prevented', 0, { kind: 'dispute', dispute: { status: 'won' } }],
    ['charge.dispute.created', 'prevented', 1, { kind: 'dispute', dispute: { status: 'lost' } }],
  ])('reads %s of a dispute that is %s after %i movements', (type, status, moves, expected) => {
    const balanceTransactions = Array.from({ length: moves }, (_, index) => ({ id: `txn_${index}` }));
    const dispute = {
      id: 'dp_1',
      amount: 50,
      currency: 'usd',
      payment_intent: 'pi_1',
      status,
      balance_transactions: balanceTransactions,
    };
    const event = { ...JSON.parse(body), type, data: { object: dispute } };
    expect(gateway.readEvent(JSON.stringify(event)).object).toMatchObject(expected);
  });

  it('accepts either signature and either secret while they are rotated', () => {
    const now = Math.floor(Date.now() / 1000);
    const old = signed(body, 'whsec_old', now);
    const both = `${old},${signed(body, WEBHOOK_SECRET, now).split(',')[1] ?? ''}`;
    expect(gateway.verifyWebhook(body, both).ok).toBe(true);
    const rotating = createStripeGateway({ secretKey: SECRET_KEY, webhookSecret: 'whsec_new, whsec_old' });
    expect(rotating.verifyWebhook(body, old).ok).toBe(true);
  });

  it.each([
    ['no signature', body, '', 'signature'],
    ['a forged signature', body, signed(body, 'whsec_other'), 'signature'],
    ['an edited body', `${body} `, signed(body, WEBHOOK_SECRET), 'signature'],
    ['an old signature', body, signed(body, WEBHOOK_SECRET, Math.floor(Date.now() / 1000) - 301), 'signature'],
    ['nonsense', 'nonsense', signed('nonsense', WEBHOOK_SECRET), 'malformed'],
    ['an empty event', '{}', signed('{}', WEBHOOK_SECRET), 'malformed'],
  ])('refuses %s', (_what, payload, header, refusal) => {
    expect(gateway.verifyWebhook(payload, header)).toEqual({ ok: false, refusal });
  });

  it('refuses events of the other mode', () => {
    const live = body.replace('"livemode":false', '"livemode":true');
    expect(gateway.verifyWebhook(live, signed(live, WEBHOOK_SECRET))).toEqual({ ok: false, refusal: 'livemode' });
  });
});
