import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { payCheckoutSession } from './index.ts';
import { orderParams, useStandIn } from './testing/fixture.ts';

type Fixture = Awaited<ReturnType<typeof useStandIn>>;
let standIn: Fixture;
let stripe: Stripe;

beforeAll(async () => {
  standIn = await useStandIn();
  stripe = standIn.stripe;
});
afterAll(() => standIn.stop());

function urlOf(session: Stripe.Checkout.Session): string {
  if (session.url === null) throw new Error('The session has no URL.');
  return session.url;
}

describe('Checkout Sessions through the official SDK', () => {
  it('adds up lines, a fixed discount and shipping', async () => {
    const coupon = await stripe.coupons.create({
      amount_off: 1000,
      currency: 'usd',
      duration: 'once',
      max_redemptions: 1,
    });
    const session = await stripe.checkout.sessions.create(
      orderParams({
        discounts: [{ coupon: coupon.id }],
        shipping_options: [
          {
            shipping_rate_data: {
              display_name: 'Standard',
              type: 'fixed_amount',
              fixed_amount: { amount: 500, currency: 'usd' },
            },
          },
        ],
      }),
    );
    expect(session).toMatchObject({
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      livemode: false,
      amount_subtotal: 5997,
      amount_total: 5497,
      currency: 'usd',
      total_details: { amount_discount: 1000, amount_shipping: 500, amount_tax: 0 },
      client_reference_id: 'order-1',
      metadata: { orderId: 'order-1' },
      payment_intent: null,
    });
    expect(session.id).toMatch(/^cs_test_/);
    expect(urlOf(session)).toBe(`${standIn.url}/c/pay/${session.id}`);
    const lines = await stripe.checkout.sessions.listLineItems(session.id);
    expect(lines.data.map((line) => [line.description, line.quantity, line.amount_total])).toEqual([
      ['Mug', 2, 3331],
      ['Tea', 1, 1666],
    ]);
  });

  it('rounds a percentage once and never discounts below zero', async () => {
    const third = await stripe.coupons.create({ percent_off: 33.33 });
    const session = await stripe.checkout.sessions.create(orderParams({ discounts: [{ coupon: third.id }] }));
    expect(session.total_details?.amount_discount).toBe(1999);
    const huge = await stripe.coupons.create({ amount_off: 999_999, currency: 'usd' });
    const free = await stripe.checkout.sessions.create(orderParams({ discounts: [{ coupon: huge.id }] }));
    expect(free.amount_total).toBe(0);
    expect(await payCheckoutSession(urlOf(free))).toMatchObject({ outcome: 'paid' });
    expect((await stripe.checkout.sessions.retrieve(free.id)).payment_status).toBe('no_payment_required');
  });

  it('is paid on the hosted page and leaves intent, charge and redirect behind', async () => {
    const session = await stripe.checkout.sessions.create(
      orderParams({ payment_intent_data: { metadata: { orderId: 'order-1' } } }),
    );
    const paid = await payCheckoutSession(urlOf(session), { email: 'ada@example.com' });
    expect(paid).toEqual({ outcome: 'paid', redirectUrl: `http://shop.test/thanks?session=${session.id}` });
    const after = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge', 'line_items'],
    });
    expect(after).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      customer_details: { email: 'ada@example.com' },
      payment_intent: {
        status: 'succeeded',
        amount_received: 5997,
        metadata: { orderId: 'order-1' },
        latest_charge: { amount_captured: 5997, paid: true },
      },
    });
    expect(after.line_items?.data).toHaveLength(2);
    expect(await payCheckoutSession(urlOf(session))).toEqual({ outcome: 'complete' });
    const balance = await stripe.balance.retrieve();
    expect(balance.available.find((entry) => entry.currency === 'usd')?.amount).toBeGreaterThanOrEqual(5997);
  });

  it('declines the declined card and can be paid with another one afterwards', async () => {
    const session = await stripe.checkout.sessions.create(orderParams());
    const declined = await payCheckoutSession(urlOf(session), { card: '4000 0000 0000 0002' });
    expect(declined).toEqual({ outcome: 'declined', code: 'card_declined', message: 'Your card was declined.' });
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
    const [failure] = (await stripe.events.list({ type: 'payment_intent.payment_failed' })).data;
    expect(failure?.data.object).toMatchObject({ status: 'requires_payment_method', amount: 5997 });
    expect(await payCheckoutSession(urlOf(session))).toMatchObject({ outcome: 'paid' });
  });

  it('completes unpaid with a bank debit, which succeeds or fails later', async () => {
    for (const outcome of ['succeeded', 'failed'] as const) {
      const session = await stripe.checkout.sessions.create(orderParams());
      expect(await payCheckoutSession(urlOf(session), { bank: 'pending' })).toMatchObject({ outcome: 'processing' });
      const processing = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
      expect(processing).toMatchObject({
        status: 'complete',
        payment_status: 'unpaid',
        payment_intent: { status: 'processing' },
      });
      expect(await standIn.control.settlePayment(session.id, outcome)).toBe(true);
      expect(await standIn.control.settlePayment(session.id, outcome)).toBe(false);
      const after = await stripe.checkout.sessions.retrieve(session.id);
      expect(after.payment_status).toBe(outcome === 'succeeded' ? 'paid' : 'unpaid');
      const events = await stripe.events.list({ types: [`checkout.session.async_payment_${outcome}`] });
      expect(events.data[0]?.data.object).toMatchObject({ id: session.id });
    }
  });

  it('expires when asked, and by itself at its time', async () => {
    const asked = await stripe.checkout.sessions.create(orderParams());
    expect(await stripe.checkout.sessions.expire(asked.id)).toMatchObject({ status: 'expired', url: null });
    await expect(stripe.checkout.sessions.expire(asked.id)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      message: expect.stringContaining('status of expired') as string,
    });
    expect(await payCheckoutSession(urlOf(asked))).toEqual({ outcome: 'expired' });

    await using other = await useStandIn();
    const now = Math.floor(Date.now() / 1000);
    const timed = await other.stripe.checkout.sessions.create(orderParams({ expires_at: now + 31 * 60 }));
    await other.control.advanceClock(32 * 60);
    const [event] = (await other.stripe.events.list({ type: 'checkout.session.expired' })).data;
    expect(event?.data.object).toMatchObject({ id: timed.id, status: 'expired' });
  });

  it.each([
    [{ expires_at: Math.floor(Date.now() / 1000) + 60 }, /between 30 minutes and 24 hours/],
    [{ success_url: 'not a url' }, /Not a valid URL/],
    [{ line_items: [] }, /Missing required param: line_items/],
    [{ discounts: [{ coupon: 'nothing' }] }, /No such coupon: 'nothing'/],
    [
      { line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 10, product_data: { name: 'x' } } }] },
      /at least \$0\.50 usd/,
    ],
    [
      {
        line_items: [{ quantity: 1, price_data: { currency: 'isk', unit_amount: 1050, product_data: { name: 'x' } } }],
      },
      /multiple of 100/,
    ],
  ] satisfies [Stripe.Checkout.SessionCreateParams, RegExp][])('refuses %j', async (extra, message) => {
    const refusal = stripe.checkout.sessions.create(orderParams(extra));
    await expect(refusal).rejects.toMatchObject({ statusCode: 400, message: expect.stringMatching(message) as string });
  });

  it('charges sums of twelve digits, and no more', async () => {
    const priced = (unitAmount: number) =>
      stripe.checkout.sessions.create(
        orderParams({
          line_items: [
            { quantity: 1, price_data: { currency: 'idr', unit_amount: unitAmount, product_data: { name: 'Rice' } } },
          ],
        }),
      );
    expect((await priced(999_999_999_999)).amount_total).toBe(999_999_999_999);
    await expect(priced(1_000_000_000_000)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('lets a one-use coupon pay once', async () => {
    const coupon = await stripe.coupons.create({ amount_off: 500, currency: 'usd', max_redemptions: 1 });
    const [first, second] = await Promise.all([
      stripe.checkout.sessions.create(orderParams({ discounts: [{ coupon: coupon.id }] })),
      stripe.checkout.sessions.create(orderParams({ discounts: [{ coupon: coupon.id }] })),
    ]);
    expect(await payCheckoutSession(urlOf(first))).toMatchObject({ outcome: 'paid' });
    expect(await payCheckoutSession(urlOf(second))).toMatchObject({ outcome: 'declined' });
    await expect(
      stripe.checkout.sessions.create(orderParams({ discounts: [{ coupon: coupon.id }] })),
    ).rejects.toMatchObject({ code: 'coupon_expired' });
    expect(await stripe.coupons.retrieve(coupon.id)).toMatchObject({ times_redeemed: 1, valid: false });
  });

  it('takes a promotion code in place of its coupon', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 10 });
    const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'TEN' });
    const session = await stripe.checkout.sessions.create(orderParams({ discounts: [{ promotion_code: code.id }] }));
    expect(session.total_details?.amount_discount).toBe(600);
    expect((await stripe.promotionCodes.list({ code: 'ten' })).data).toHaveLength(1);
  });
});

describe('the hosted page', () => {
  it('shows lines, total and test cards without scripts, and escapes what the shop sends', async () => {
    const session = await stripe.checkout.sessions.create(
      orderParams({
        line_items: [
          {
            quantity: 1,
            price_data: { currency: 'usd', unit_amount: 1234, product_data: { name: '<script>alert(1)</script>' } },
          },
        ],
      }),
    );
    const page = await (await fetch(urlOf(session))).text();
    expect(page).toContain('$12.34');
    expect(page).toContain('4000 0000 0000 0002');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script');
  });

  it('sends a browser on with a redirect, and back to the shop from the Back button', async () => {
    const session = await stripe.checkout.sessions.create(orderParams());
    const press = (fields: Record<string, string>) =>
      fetch(urlOf(session), { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });
    const back = await press({ action: 'back' });
    expect([back.status, back.headers.get('location')]).toEqual([303, 'http://shop.test/cart']);
    const declined = await press({ action: 'pay', card: '4000000000000002', email: 'a@b.test' });
    expect(declined.status).toBe(402);
    expect(await declined.text()).toContain('Your card was declined.');
    const thanks = `http://shop.test/thanks?session=${session.id}`;
    const paid = await press({ action: 'pay', card: '4242 4242 4242 4242', email: 'a@b.test' });
    expect([paid.status, paid.headers.get('location')]).toEqual([303, thanks]);
    const again = await press({ action: 'pay' });
    expect([again.status, again.headers.get('location')]).toEqual([303, thanks]);
  });
});
