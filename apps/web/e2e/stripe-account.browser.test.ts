import { createTestShop, type TestShop } from '@cartwright/testapp';
import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import type { Browser } from 'playwright-core';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { browserPath, launchBrowser, visit } from './browser.ts';
import { payAtStandIn, payAtStripe } from './stripe-page.ts';

/** The key of a test account: then everything here happens at Stripe itself, and at the stand-in otherwise. */
const accountKey = process.env['CARTWRIGHT_TEST_STRIPE_KEY'];
const STRIPE = 'https://api.stripe.com';
const RELAYED = ['checkout.session.completed', 'checkout.session.expired', 'refund.created', 'refund.updated'];

describe.skipIf(browserPath() === undefined)(accountKey ? 'a purchase at Stripe' : 'a purchase at the stand-in', () => {
  let shop: TestShop;
  let browser: Browser;
  let stripe: Stripe;
  let buyer: Cartwright;
  let admin: Cartwright;
  const since = Math.floor(Date.now() / 1000) - 60;

  beforeAll(async () => {
    if (accountKey !== undefined && !/^[rs]k_test_/.test(accountKey)) {
      throw new Error('CARTWRIGHT_TEST_STRIPE_KEY must be the key of a test account.');
    }
    shop = await createTestShop({
      products: [{ slug: 'lamp', price: 4_999, stock: 20 }],
      ...(accountKey ? { env: { STRIPE_SECRET_KEY: accountKey, STRIPE_API_BASE: STRIPE } } : {}),
    });
    const { hostname, port, protocol } = new URL(shop.env['STRIPE_API_BASE'] ?? '');
    const secure = protocol === 'https:';
    stripe = new Stripe(shop.env['STRIPE_SECRET_KEY'] ?? '', {
      host: hostname,
      port: Number(port) || (secure ? 443 : 80),
      protocol: secure ? 'https' : 'http',
      telemetry: false,
    });
    browser = await launchBrowser();
    buyer = await shop.customer();
    admin = await shop.admin();
    await admin.api.admin.coupons.create.mutate({
      code: 'TENTH',
      discount: { kind: 'percentage', basisPoints: 1_000 },
    });
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await shop?.[Symbol.asyncDispose]();
  });

  /** Stripe can't call this machine: its events are fetched and handed in, signed, as its command line tool does. */
  async function relayEvents(): Promise<void> {
    if (!accountKey) return;
    const secret = shop.env['STRIPE_WEBHOOK_SECRET'] ?? '';
    for await (const event of stripe.events.list({ types: RELAYED, created: { gte: since }, limit: 100 })) {
      const payload = JSON.stringify(event);
      const answer = await fetch(`${shop.apis[0]?.url ?? ''}/webhooks/stripe`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }),
        },
        body: payload,
      });
      expect(answer.status).toBe(200);
    }
  }

  const settled = (orderId: string, expected: object) =>
    vi.waitFor(
      async () => {
        await relayEvents();
        expect(await admin.api.admin.orders.byId.query({ orderId })).toMatchObject(expected);
      },
      { timeout: 90_000, interval: accountKey ? 2_000 : 200 },
    );

  const sessionOf = (url: string) => stripe.checkout.sessions.retrieve(/cs_test_\w+/.exec(url)?.[0] ?? '');

  it('is paid on the hosted page for exactly our total, and a part of it goes back', async () => {
    const { order, payment } = await shop.order(buyer, { slug: 'lamp', quantity: 2, coupon: 'TENTH' });
    const url = payment.url ?? '';
    const { amount, currency } = order.total;
    // Two lamps less a tenth, standard shipping, 8 % tax on each.
    expect(amount).toBe(8_998 + 599 + 720 + 48);
    expect(await sessionOf(url)).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: amount,
      currency: currency.toLowerCase(),
      livemode: false,
      payment_intent: null,
      total_details: { amount_discount: 1_000, amount_shipping: 599 },
    });
    expect(await buyer.api.orders.pay.mutate({ orderId: order.id })).toEqual({ url });

    const { page, context } = await visit(browser);
    const shopUrl = shop.env['WEB_URL'] ?? '';
    // The storefront is not running: all that matters is that the buyer is sent there.
    await page.route(`${shopUrl}/**`, (route) => route.fulfill({ body: 'Back at the shop' }));
    await (accountKey ? payAtStripe : payAtStandIn)(page, url, shopUrl);
    await context.close();
    await settled(order.id, { status: 'paid', paymentStatus: 'paid' });

    const { payment_intent: intent, payment_status: status } = await sessionOf(url);
    expect(status).toBe('paid');
    await admin.api.admin.orders.refund.mutate({
      orderId: order.id,
      amount: { amount: 500, currency },
      reason: 'Sorry',
      idempotencyKey: newIdempotencyKey(),
    });
    await settled(order.id, { paymentStatus: 'partially_refunded', refunds: [{ status: 'succeeded' }] });
    const refunds = await stripe.refunds.list({ payment_intent: String(intent) });
    expect(refunds.data).toMatchObject([{ amount: 500, status: 'succeeded' }]);
  }, 300_000);

  it('ends the page of an order that is canceled', async () => {
    const { order, payment } = await shop.order(buyer, { slug: 'lamp' });
    await buyer.api.orders.cancel.mutate({ orderId: order.id });
    await vi.waitFor(async () => expect((await sessionOf(payment.url ?? '')).status).toBe('expired'), {
      timeout: 30_000,
      interval: accountKey ? 2_000 : 200,
    });
    await settled(order.id, { status: 'canceled', paymentStatus: 'unpaid' });
  }, 120_000);
});
