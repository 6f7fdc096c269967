import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { payCheckoutSession } from './index.ts';
import { orderParams, sdkFor, useStandIn } from './testing/fixture.ts';

let standIn: Awaited<ReturnType<typeof useStandIn>>;
let stripe: Stripe;

beforeAll(async () => {
  standIn = await useStandIn();
  stripe = standIn.stripe;
});
afterAll(() => standIn.stop());

async function paidIntent(card?: string, extra: Parameters<typeof orderParams>[0] = {}): Promise<string> {
  const session = await stripe.checkout.sessions.create(orderParams(extra));
  await payCheckoutSession(session.url ?? '', card === undefined ? {} : { card });
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session.id);
  return typeof intent === 'string' ? intent : '';
}

describe('idempotency keys', () => {
  it('replays the first answer and does the work once', async () => {
    const before = (await stripe.customers.list({ limit: 100 })).data.length;
    const calls = Array.from({ length: 3 }, () =>
      stripe.customers.create({ email: 'once@example.com' }, { idempotencyKey: 'customer:once' }),
    );
    const customers = await Promise.all(calls);
    expect(new Set(customers.map((customer) => customer.id)).size).toBe(1);
    expect(customers[2]?.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await stripe.customers.list({ limit: 100 })).data).toHaveLength(before + 1);
  });

  it('refuses other parameters under the same key', async () => {
    await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey: 'customer:mismatch' });
    const other = stripe.customers.create({ email: 'b@example.com' }, { idempotencyKey: 'customer:mismatch' });
    await expect(other).rejects.toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
  });

  it('replays refusals, but frees the key of a request that did not parse', async () => {
    const refuse = () => stripe.refunds.create({ payment_intent: 'pi_none' }, { idempotencyKey: 'refund:none' });
    const first = await refuse().catch((error: Stripe.errors.StripeError) => error);
    const second = await refuse().catch((error: Stripe.errors.StripeError) => error);
    expect(second).toMatchObject({ code: 'resource_missing' });
    expect((second as Stripe.errors.StripeError).headers?.['original-request']).toBe(
      (first as Stripe.errors.StripeError).requestId,
    );
    const malformed = stripe.customers.create({ email: 'no address' }, { idempotencyKey: 'customer:parse' });
    await expect(malformed).rejects.toMatchObject({ code: 'email_invalid' });
    const corrected = await stripe.customers.create({ email: 'c@example.com' }, { idempotencyKey: 'customer:parse' });
    expect(corrected.email).toBe('c@example.com');
  });

  it('answers 409 while the first request is still running', async () => {
    await standIn.control.failNextCalls({ when: 'before', kind: 'delay', delayMs: 500, match: 'POST /v1/products' });
    const create = () => stripe.products.create({ name: 'Slow' }, { idempotencyKey: 'product:slow' });
    const outcomes = await Promise.allSettled([create(), create()]);
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refusal = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refusal?.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    await create();
    expect((await stripe.products.list()).data).toHaveLength(1);
  });

  it('survives an answer that got lost: the retry finds the effect', async () => {
    await standIn.control.failNextCalls({ when: 'after', kind: 'http_500', match: 'POST /v1/customers' });
    const retrying = sdkFor(standIn.url, undefined, 2);
    const customer = await retrying.customers.create({ name: 'Lost' }, { idempotencyKey: 'customer:lost' });
    const named = (await stripe.customers.list({ limit: 100 })).data.filter((row) => row.name === 'Lost');
    expect(named.map((row) => row.id)).toEqual([customer.id]);
  });
});

describe('failures that are kept', () => {
  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('come back under their key, whether they struck %s the effect', async (when, made) => {
    await standIn.control.failNextCalls({ when, kind: 'kept_500', match: 'POST /v1/customers' });
    const name = `Kept ${when}`;
    const create = () => stripe.customers.create({ name }, { idempotencyKey: `customer:kept-${when}` });
    const first = await create().catch((error: Stripe.errors.StripeError) => error);
    expect(first).toMatchObject({ statusCode: 500, headers: { 'stripe-should-retry': 'false' } });
    const second = await create().catch((error: Stripe.errors.StripeError) => error);
    expect(second).toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } });
    const named = (await stripe.customers.list({ limit: 100 })).data.filter((row) => row.name === name);
    expect(named).toHaveLength(made);
  });
});

describe('refunds', () => {
  it('refunds in parts, never more than was captured', async () => {
    const intent = await paidIntent();
    const part = await stripe.refunds.create({ payment_intent: intent, amount: 1000, reason: 'requested_by_customer' });
    expect(part).toMatchObject({ amount: 1000, status: 'succeeded', payment_intent: intent });
    await expect(stripe.refunds.create({ payment_intent: intent, amount: 4998 })).rejects.toMatchObject({
      param: 'amount',
      message: 'Refund amount ($49.98) is greater than unrefunded amount on charge ($49.97)',
    });
    const rest = await stripe.refunds.create({ payment_intent: intent });
    expect(rest.amount).toBe(4997);
    await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    });
    const [charge] = (await stripe.charges.list({ payment_intent: intent })).data;
    expect(charge).toMatchObject({ refunded: true, amount_refunded: 5997 });
    expect((await stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(2);
  });

  it('refuses sums that nobody can be paid in the currency', async () => {
    const price = { currency: 'kwd', unit_amount: 5_000, product_data: { name: 'Lamp' } };
    const intent = await paidIntent(undefined, { line_items: [{ quantity: 1, price_data: price }] });
    const refused = stripe.refunds.create({ payment_intent: intent, amount: 1_005 });
    await expect(refused).rejects.toMatchObject({ statusCode: 400, param: 'amount' });
    expect((await stripe.refunds.create({ payment_intent: intent, amount: 1_010 })).status).toBe('succeeded');
  });

  it('lets the refunds of a certain card succeed first and fail later', async () => {
    const intent = await paidIntent('4000 0000 0000 5126');
    const refund = await stripe.refunds.create({ payment_intent: intent });
    expect(refund.status).toBe('succeeded');
    expect(await standIn.control.settleRefund(refund.id, 'succeeded')).toBe(false);
    await standIn.control.advanceClock(10);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    const [failed] = (await stripe.events.list({ type: 'refund.failed' })).data;
    expect(failed?.data).toMatchObject({ object: { id: refund.id }, previous_attributes: { status: 'succeeded' } });
    expect((await stripe.charges.list({ payment_intent: intent })).data[0]).toMatchObject({ amount_refunded: 0 });
  });

  it('refuses them for a charge whose money the bank has taken', async () => {
    const intent = await paidIntent();
    const dispute = await standIn.control.openDispute(intent);
    const refund = () => stripe.refunds.create({ payment_intent: intent });
    await expect(refund()).rejects.toMatchObject({ statusCode: 400, code: 'charge_disputed' });
    expect((await stripe.disputes.retrieve(dispute)).balance_transactions).toHaveLength(1);
    await standIn.control.closeDispute(dispute, 'won');
    expect((await stripe.disputes.retrieve(dispute)).balance_transactions).toHaveLength(2);
    const types = (await stripe.events.list({ type: 'charge.dispute.*', limit: 4 })).data.map(({ type }) => type);
    expect(types).toEqual([
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.created',
    ]);
    expect(await refund()).toMatchObject({ status: 'succeeded' });
    expect(await standIn.control.appealDispute(dispute)).toBe(true);
    expect(await standIn.control.appealDispute(dispute)).toBe(false);
    expect(await stripe.disputes.retrieve(dispute)).toMatchObject({ status: 'appeal_under_review' });
    expect(await standIn.control.closeDispute(dispute, 'lost')).toBe(true);
    expect((await stripe.disputes.retrieve(dispute)).balance_transactions).toHaveLength(3);
  });

  it('gives the amount back when a pending refund fails', async () => {
    const intent = await paidIntent();
    await standIn.control.nextRefund('pending');
    const refund = await stripe.refunds.create({ payment_intent: intent });
    expect(refund.status).toBe('pending');
    await standIn.control.settleRefund(refund.id, 'failed');
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    expect(await stripe.refunds.create({ payment_intent: intent })).toMatchObject({
      status: 'succeeded',
      amount: 5997,
    });
  });
});

describe('a refund that waits for the buyer', () => {
  it('is on its way again, or canceled, and told of each time', async () => {
    const intent = await paidIntent();
    const refund = await stripe.refunds.create({ payment_intent: intent });
    const become = standIn.control.settleRefund;
    expect(await become(refund.id, 'canceled')).toBe(false);
    for (const status of ['requires_action', 'pending', 'requires_action', 'canceled'] as const) {
      expect(await become(refund.id, status)).toBe(true);
      const [event] = (await stripe.events.list({ type: 'refund.updated', limit: 1 })).data;
      expect(event?.data.object).toMatchObject({ id: refund.id, status });
    }
    expect(await become(refund.id, 'succeeded')).toBe(false);
    expect((await stripe.charges.list({ payment_intent: intent })).data[0]).toMatchObject({ amount_refunded: 0 });
  });
});

describe('the API in general', () => {
  it('names unknown, missing and malformed parameters', async () => {
    const unknown = stripe.customers.create({ emial: 'x' } as Stripe.CustomerCreateParams);
    await expect(unknown).rejects.toMatchObject({
      code: 'parameter_unknown',
      param: 'emial',
      message: 'Received unknown parameter: emial',
    });
    await expect(stripe.products.create({} as Stripe.ProductCreateParams)).rejects.toMatchObject({
      code: 'parameter_missing',
      param: 'name',
    });
    const malformed = stripe.coupons.create({ amount_off: 1.5, currency: 'usd' });
    await expect(malformed).rejects.toMatchObject({
      code: 'parameter_invalid_integer',
      message: 'Invalid integer: 1.5',
    });
  });

  it('refuses other keys, unknown ids and unknown paths', async () => {
    await expect(sdkFor(standIn.url, 'sk_test_other').balance.retrieve()).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
    });
    await expect(stripe.charges.retrieve('ch_none')).rejects.toMatchObject({
      code: 'resource_missing',
      statusCode: 404,
      requestId: expect.stringMatching(/^req_/) as string,
    });
    await expect(stripe.subscriptions.list()).rejects.toMatchObject({ statusCode: 404 });
  });

  it('pages from the newest to the oldest', async () => {
    await using own = await useStandIn();
    for (let index = 0; index < 5; index += 1) await own.stripe.customers.create({ name: `c${index}` });
    const first = await own.stripe.customers.list({ limit: 2 });
    expect([first.data.map((row) => row.name), first.has_more]).toEqual([['c4', 'c3'], true]);
    const all: (string | null | undefined)[] = [];
    for await (const customer of own.stripe.customers.list({ limit: 2 })) all.push(customer.name);
    expect(all).toEqual(['c4', 'c3', 'c2', 'c1', 'c0']);
  });

  it('charges payment intents with test methods', async () => {
    const paid = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    expect(paid.status).toBe('succeeded');
    const declined = stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      payment_method: 'pm_card_chargeDeclined',
      confirm: true,
    });
    await expect(declined).rejects.toMatchObject({ type: 'StripeCardError', decline_code: 'generic_decline' });
  });

  it('fails ordered calls without an effect', async () => {
    await standIn.control.failNextCalls({ when: 'before', kind: 'http_500', match: 'POST /v1/coupons' });
    await expect(stripe.coupons.create({ id: 'FAULTY', percent_off: 5 })).rejects.toMatchObject({ statusCode: 500 });
    await expect(stripe.coupons.retrieve('FAULTY')).rejects.toMatchObject({ code: 'resource_missing' });
  });
});
