import { isCartwrightError, newIdempotencyKey, type Cartwright, type RouterOutputs } from '@cartwright/sdk';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import mongoose, { type Connection } from 'mongoose';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

type Report = RouterOutputs['admin']['reconciliation']['report'];
type Doc = Record<string, unknown> & { _id: string };

/** Longer than a payment takes to get from the provider into the ledger, on a slow machine too. */
const SETTLE_SECONDS = 20;
const PATIENCE = { timeout: 60_000, interval: 200 };
const PRODUCTS = ['lamp', 'cup', 'mat', 'jar', 'pot', 'rug', 'fan'];
const COUPONS = ['GENERAL', 'SPARE', 'COUNT', 'FORGOT', 'KEPT', 'LOST'];

let shop: TestShop;
let admin: Cartwright;
let database: Connection;
let stripe: Stripe;

beforeAll(async () => {
  shop = await createTestShop({
    workers: 2,
    products: PRODUCTS.map((slug) => ({ slug, price: 2_000, stock: 200 })),
    env: { RECONCILIATION_SETTLE_SECONDS: String(SETTLE_SECONDS), LOG_LEVEL: 'fatal' },
  });
  admin = await shop.admin();
  database = await mongoose.createConnection(shop.env['MONGODB_URI'] ?? '').asPromise();
  const { hostname: host, port } = new URL(shop.stripe.url);
  stripe = new Stripe(shop.env['STRIPE_SECRET_KEY'] ?? '', { host, port: Number(port), protocol: 'http' });
  for (const code of COUPONS) {
    await admin.api.admin.coupons.create.mutate({ code, discount: { kind: 'fixed', amount: 100 } });
  }
}, 180_000);
afterAll(async () => {
  await database.close();
  await shop[Symbol.asyncDispose]();
});

const rows = (name: string) => database.collection<Doc>(name);
const one = async (name: string, filter: object): Promise<Doc> => {
  const found = await rows(name).findOne(filter);
  if (!found) throw new Error(`${name} has no ${JSON.stringify(filter)}`);
  return found;
};
const change = async (name: string, filter: object, update: object): Promise<void> => {
  expect((await rows(name).updateOne(filter, update)).modifiedCount).toBe(1);
};

/** A run from its beginning to its end. */
async function reconcile(): Promise<Report> {
  const { id } = await admin.api.admin.reconciliation.run.mutate();
  return vi.waitFor(async () => {
    const report = await admin.api.admin.reconciliation.report.query({ reportId: id });
    expect(report.state).not.toBe('running');
    return report;
  }, PATIENCE);
}

async function differencesOf(reportId: string) {
  const all: RouterOutputs['admin']['reconciliation']['differences']['items'] = [];
  let cursor: string | undefined;
  do {
    const page = await admin.api.admin.reconciliation.differences.query({ reportId, limit: 7, cursor });
    all.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

interface Purchase {
  slug?: string;
  coupon?: string;
  quantity?: number;
}

const placed = async (purchase: Purchase = {}) => {
  const buyer = await shop.customer();
  const made = await shop.order(buyer, purchase);
  return { buyer, orderId: made.order.id, url: made.payment.url ?? '' };
};

async function paid(purchase: Purchase = {}): Promise<string> {
  const { buyer, orderId, url } = await placed(purchase);
  await shop.pay(url);
  await vi.waitFor(async () => {
    expect(await buyer.api.orders.byId.query({ orderId })).toMatchObject({ status: 'paid' });
  }, PATIENCE);
  await invoiceOf(orderId);
  return orderId;
}

async function refunded(): Promise<{ orderId: string; refundId: string }> {
  const orderId = await paid();
  const wish = { orderId, amount: { amount: 500, currency: 'USD' }, reason: 'Late' };
  const { refundId } = await admin.api.admin.orders.refund.mutate({ ...wish, idempotencyKey: newIdempotencyKey() });
  await vi.waitFor(async () => {
    expect(await one('payment_refunds', { _id: refundId })).toMatchObject({ status: 'succeeded' });
  }, PATIENCE);
  await invoiceOf(refundId);
  return { orderId, refundId };
}

async function canceled(purchase: Purchase = {}): Promise<string> {
  const { buyer, orderId } = await placed(purchase);
  await buyer.api.orders.cancel.mutate({ orderId, idempotencyKey: newIdempotencyKey() });
  return orderId;
}

/** Issued a moment after what calls for it: nothing is due of the order any more when it is there. */
const invoiceOf = (source: string) => vi.waitFor(() => one('invoices', { source }), PATIENCE);
const paymentOf = (orderId: string) => one('payments', { orderId });

describe('a shop that is well', () => {
  it('adds up, also while it is busy', async () => {
    await refunded();
    await canceled({ coupon: 'GENERAL' });
    const shippedId = await paid({ coupon: 'GENERAL', quantity: 3 });
    const { orders } = admin.api.admin;
    await orders.startProcessing.mutate({ orderId: shippedId });
    const { lines } = await orders.byId.query({ orderId: shippedId });
    const line = { lineId: lines[0]?.lineId ?? '', quantity: 1 };
    const parcel = { orderId: shippedId, carrier: 'DHL', trackingNumber: '1', lines: [line] };
    await orders.ship.mutate({ ...parcel, idempotencyKey: newIdempotencyKey() });
    const rest = { orderId: shippedId, lines: [line], reason: 'Broken' };
    await orders.refund.mutate({ ...rest, idempotencyKey: newIdempotencyKey() });
    const disputed = await paid();
    await shop.stripe.control.openDispute(String((await paymentOf(disputed))['reference']), 700);

    let isBusy = true;
    const traffic = Array.from({ length: 4 }, async (_, index) => {
      for (let turn = 0; isBusy; turn += 1) {
        const purchase = { slug: 'lamp', ...(index % 2 === 0 ? { coupon: 'GENERAL' } : {}) };
        await (turn % 2 === 0 ? paid(purchase) : canceled(purchase));
      }
    });
    const found: unknown[] = [];
    // As often as it takes until what was paid here is old enough to be looked for at the provider.
    const until = Date.now() + 2 * PATIENCE.timeout;
    for (let runs = 0, reached = 0; runs < 3 || reached === 0; runs += 1) {
      const report = await reconcile();
      expect(report).toMatchObject({ state: 'finished', trigger: 'manual' });
      found.push(...(await differencesOf(report.id)));
      reached = report.checks.find(({ name }) => name === 'provider')?.examined ?? 0;
      expect(Date.now()).toBeLessThan(until);
    }
    isBusy = false;
    await Promise.all(traffic);
    expect(found).toEqual([]);
    const report = await reconcile();
    expect(report.differences).toBe(0);
    // Nothing was left out: all kinds were gone through.
    for (const { name, examined } of report.checks.filter(({ name }) => name !== 'events')) {
      expect([name, examined > 0]).toEqual([name, true]);
    }
  }, 240_000);

  it('has one run at a time, and administrators alone ask for one', async () => {
    const [first, second] = await Promise.allSettled([
      admin.api.admin.reconciliation.run.mutate(),
      admin.api.admin.reconciliation.run.mutate(),
    ]);
    const refused = first.status === 'rejected' ? first : second;
    const begun = first.status === 'fulfilled' ? first : second;
    if (refused.status !== 'rejected' || begun.status !== 'fulfilled') throw new Error('Both were begun, or none');
    const reason: unknown = refused.reason;
    if (!isCartwrightError(reason)) throw reason;
    expect(reason.reason).toBe('RECONCILIATION_RUNNING');
    expect(reason.details).toEqual({ reportId: begun.value.id });
    const { items } = await admin.api.admin.audit.list.query({ limit: 20 });
    expect(items.map(({ action }) => action)).toContain('admin.reconciliation.run');
    await vi.waitFor(async () => {
      const { items: reports } = await admin.api.admin.reconciliation.reports.query({ limit: 1 });
      expect(reports[0]).toMatchObject({ id: begun.value.id, state: 'finished' });
    }, PATIENCE);
  }, 120_000);
});

describe('a shop that is not', () => {
  it('is told of each difference, by name, and of nothing else', async () => {
    const expected: string[] = [];
    const expectIt = (...kinds: [kind: string, subject: string][]) => {
      expected.push(...kinds.map(([kind, subject]) => `${kind} ${subject}`));
    };
    const variant = (slug: string) => shop.variants.get(slug) ?? '';

    // Orders and the ledger.
    const misjudged = await paid();
    await change('orders', { _id: misjudged }, { $set: { paymentStatus: 'refunded' } });
    expectIt(['order_payment_status', misjudged]);

    const dearer = await paid();
    await change('orders', { _id: dearer }, { $inc: { 'total.amount': 1 } });
    expectIt(['order_total', dearer], ['order_amount', dearer], ['invoice_differs', dearer]);

    const strange = await paid();
    await change('orders', { _id: strange }, { $set: { paymentId: 'gone' } });
    expectIt(['order_payment_missing', strange], ['payment_not_returned', strange]);

    const told = await refunded();
    const failed = { $set: { 'refunds.0.status': 'failed' }, $unset: { 'refunds.0.wentThroughAt': '' } };
    await change('orders', { _id: told.orderId }, failed);
    expectIt(['order_refund_differs', told.orderId], ['invoice_unknown', told.orderId]);

    const untold = await refunded();
    await change('orders', { _id: untold.orderId }, { $set: { refunds: [] } });
    expectIt(['order_refund_missing', untold.orderId], ['invoice_unknown', untold.orderId]);

    const invented = await paid();
    const paymentId = (await paymentOf(invented))._id;
    await invoiceOf(invented);
    const refund = { amount: { amount: 5, currency: 'USD' }, status: 'succeeded', at: new Date() };
    await change('orders', { _id: invented }, { $push: { refunds: { id: 'invented', paymentId, ...refund } } });
    expectIt(['order_refund_unknown', invented], ['invoice_missing', invented]);

    const { orderId: couponed } = await placed();
    const coupon = { couponId: 'none', code: 'NONE', discount: { kind: 'free_shipping' } };
    await change('orders', { _id: couponed }, { $set: { coupon } });
    expectIt(['order_coupon_unrecorded', couponed]);

    const holding = await canceled({ slug: 'cup' });
    await change('orders', { _id: holding }, { $set: { hold: 'held' } });
    expectIt(['order_canceled_holding', holding], ['stock_held', variant('cup')]);

    const keptMoney = await paid({ slug: 'mat' });
    await change('orders', { _id: keptMoney }, { $set: { status: 'canceled', hold: 'released' } });
    expectIt(['order_canceled_paid', keptMoney], ['stock_held', variant('mat')]);

    const impossible = await canceled();
    await change('orders', { _id: impossible }, { $set: { fulfillmentStatus: 'delivered' } });
    expectIt(['order_state', impossible]);

    const tooMany = await paid({ slug: 'fan' });
    const sent = { id: 's', at: new Date(), carrier: 'DHL', trackingNumber: '1' };
    const { lines } = await admin.api.admin.orders.byId.query({ orderId: tooMany });
    const shipments = [{ ...sent, lines: [{ lineId: lines[0]?.lineId, quantity: 2 }] }];
    await change('orders', { _id: tooMany }, { $set: { fulfillmentStatus: 'shipped', shipments } });
    expectIt(['order_pieces', tooMany], ['stock_held', variant('fan')]);

    const { orderId: attempted } = await placed();
    await change('payment_attempts', { orderId: attempted }, { $set: { status: 'paid' } });
    expectIt(['order_attempt_unbooked', attempted]);

    // Invoices: one that took a number far ahead leaves out its own.
    const { _id: invoiceId, number } = await invoiceOf(await paid());
    await change('invoices', { _id: invoiceId }, { $set: { sequence: 9_999 } });
    expectIt(['invoice_numbers', String(number)]);

    // The ledger by itself.
    const less = await paid();
    await change('payments', { orderId: less }, { $inc: { refundable: -1 } });
    expectIt(['payment_remainder', less]);

    const amount = { amount: 100, currency: 'USD' };
    const cash = { provider: 'cash', amount, orderId: 'nowhere', capturedAt: new Date() };
    await rows('payments').insertOne({ _id: 'orphan', ...cash, reference: 'cash-orphan', refundable: 100 });
    await rows('payments').insertOne({ _id: 'over', ...cash, orderId: 'over', reference: 'cash-over', refundable: 0 });
    const back = { provider: 'cash', cause: 'order', status: 'succeeded', paymentReference: '' };
    const times = { createdAt: new Date(), updatedAt: new Date() };
    const over = { _id: 'over', orderId: 'over', paymentId: 'over', amount: { ...amount, amount: 150 } };
    await rows('payment_refunds').insertOne({ ...back, ...times, ...over });
    const lost = { _id: 'lost', orderId: 'lost', paymentId: 'lost', amount };
    await rows('payment_refunds').insertOne({ ...back, ...times, ...lost });
    expectIt(
      ['payment_without_order', 'nowhere'],
      ['payment_overrefunded', 'over'],
      ['refund_without_payment', 'lost'],
    );

    const nameless = await refunded();
    await change('payment_refunds', { _id: nameless.refundId }, { $unset: { providerRefundId: '' } });
    expectIt(['refund_without_reference', nameless.orderId]);

    // Stock.
    await change('stock_levels', { _id: variant('jar') }, { $inc: { onHand: 1 } });
    expectIt(['stock_on_hand', variant('jar')]);
    const moved = { kind: 'hold', source: 'test', deltaOnHand: 0, at: new Date() };
    await rows('stock_movements').insertOne({
      _id: 'm1',
      variantId: variant('pot'),
      ...moved,
      deltaReserved: 1,
      sourceId: '1',
    });
    expectIt(['stock_reserved', variant('pot')]);
    await rows('stock_movements').insertOne({
      _id: 'm2',
      variantId: variant('rug'),
      ...moved,
      deltaReserved: 205,
      sourceId: '2',
    });
    await change('stock_levels', { _id: variant('rug') }, { $set: { reserved: 205 } });
    expectIt(['stock_negative', variant('rug')], ['stock_held', variant('rug')]);

    // Coupons.
    const couponOf = async (code: string) => (await one('coupons', { code }))._id;
    const [spare, counted, forgot, kept, missing] = await Promise.all(COUPONS.slice(1).map(couponOf));
    await change('coupons', { _id: spare }, { $inc: { redeemed: 1 } });
    expectIt(['coupon_uses', spare ?? '']);
    await placed({ coupon: 'COUNT' });
    await change('coupon_customers', { couponId: counted }, { $inc: { count: 1 } });
    expectIt(['coupon_customers', counted ?? ''], ['coupon_customer_uses', counted ?? '']);
    const { orderId: forgotten } = await placed({ coupon: 'FORGOT' });
    await rows('coupon_customers').deleteOne({ couponId: forgot });
    expectIt(['coupon_customers', forgot ?? ''], ['coupon_use_uncounted', forgotten]);
    const keeping = await canceled({ coupon: 'KEPT' });
    await change('coupon_redemptions', { _id: keeping }, { $set: { status: 'redeemed' } });
    expectIt(['coupon_uses', kept ?? ''], ['coupon_customers', kept ?? '']);
    expectIt(['coupon_customer_uses', kept ?? ''], ['coupon_use_kept', keeping]);
    const { orderId: losing } = await placed({ coupon: 'LOST' });
    await change('coupon_redemptions', { _id: losing }, { $set: { status: 'given_back' } });
    expectIt(['coupon_uses', missing ?? ''], ['coupon_customers', missing ?? '']);
    expectIt(['coupon_customer_uses', missing ?? ''], ['coupon_use_missing', losing]);
    const use = { couponId: 'purged', code: 'PURGED', customer: 'nobody', status: 'redeemed', at: new Date() };
    await rows('coupon_redemptions').insertOne({ _id: 'nowhere', ...use });
    expectIt(['coupon_use_without_order', 'nowhere']);

    // Stripe: what is only there, only here, and told differently.
    const unbooked = await paid();
    await rows('payments').deleteOne({ orderId: unbooked });
    expectIt(['order_payment_missing', unbooked], ['order_attempt_unbooked', unbooked], ['provider_unknown', unbooked]);

    const renamed = await paid();
    await change('payments', { orderId: renamed }, { $set: { reference: 'pi_invented' } });
    expectIt(['provider_missing', renamed], ['provider_unknown', renamed]);

    const changed = await paid();
    await change('payments', { orderId: changed }, { $inc: { 'amount.amount': 1, refundable: 1 } });
    expectIt(['provider_differs', changed], ['order_amount', changed]);

    const bounced = await refunded();
    const { providerRefundId } = await one('payment_refunds', { _id: bounced.refundId });
    await change('payment_refunds', { _id: bounced.refundId }, { $set: { status: 'pending' } });
    expectIt(['order_refund_differs', bounced.orderId], ['order_payment_status', bounced.orderId]);
    expectIt(['provider_differs', String(providerRefundId)]);

    const { orderId: external, refundId } = await refunded();
    const { reference } = await paymentOf(external);
    // As if that refund had been made a second time.
    const again = { payment_intent: String(reference), amount: 300, metadata: { refundId, orderId: external } };
    const made = await stripe.refunds.create(again);
    const dispute = await shop.stripe.control.openDispute(String(reference), 200);
    for (const providerId of [made.id, dispute]) {
      const booked = await vi.waitFor(() => one('payment_refunds', { providerRefundId: providerId }), PATIENCE);
      if (providerId === made.id) await invoiceOf(booked._id);
      // A dispute is told of twice, of its beginning and of its money: the second would book it again.
      const isTold = {
        type: { $regex: '^(refund|charge\\.dispute)\\.' },
        body: { $regex: providerId },
        status: 'applied',
      };
      const times = providerId === dispute ? 2 : 1;
      await vi.waitFor(async () => expect(await rows('payment_events').countDocuments(isTold)).toBe(times), PATIENCE);
      await rows('payment_refunds').deleteOne({ _id: booked._id });
      expectIt(['order_refund_unknown', external], ['provider_unknown', providerId]);
    }
    // Part of the money went back either way.
    expectIt(['payment_remainder', external]);

    // Events that nobody deals with.
    const event = { type: 'order.dreamt', version: 1, aggregateId: 'x', aggregateVersion: 1, payload: {} };
    const state = { status: 'relayed', handled: [], expects: ['nobody'], relays: 9, stuckAt: new Date() };
    const later = new Date(Date.now() + 3_600_000);
    await rows('outbox').insertOne({
      ...{ _id: 'stuck', ...event, ...state },
      ...{ occurredAt: new Date(), createdAt: new Date(), dueAt: later },
    });
    expectIt(['event_stuck', 'stuck']);

    // What is younger than news may take is left for the next one.
    const plantedAt = Date.now();
    await vi.waitFor(() => expect(Date.now() - plantedAt).toBeGreaterThan((SETTLE_SECONDS + 2) * 1_000), PATIENCE);
    const report = await reconcile();
    const found = (await differencesOf(report.id)).map(({ kind, subject }) => {
      const { orderId, variantId, couponId, eventId, documentNumber, reference: at } = subject;
      const isOwn = kind.startsWith('provider_') && at !== undefined && !at.startsWith('pi_');
      const byCoupon = ['coupon_uses', 'coupon_customers', 'coupon_customer_uses'].includes(kind);
      return `${kind} ${isOwn ? at : byCoupon ? couponId : (orderId ?? variantId ?? eventId ?? documentNumber)}`;
    });
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(report).toMatchObject({ state: 'finished', differences: expected.length });
    const { items } = await admin.api.admin.reconciliation.reports.query({ limit: 100 });
    expect(items[0]).toEqual(report);
    expect(report.checks.reduce((sum, { differences }) => sum + differences, 0)).toBe(expected.length);
    // It repairs nothing: the next one finds the same.
    expect((await reconcile()).differences).toBe(expected.length);
  }, 180_000);
});
