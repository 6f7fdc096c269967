import type { Cartwright } from '@cartwright/sdk';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { Queue } from 'bullmq';
import { MongoClient, type Db } from 'mongodb';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

/** What Stripe tells of a payment by bank debit that came through and was given back on its pages. */
const NEWS = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.expired',
  'refund.created',
] as const;
type News = (typeof NEWS)[number];
const APIS = 3;
/** So many are under way at once. */
const LANES = 8;
const STOCK = 1_000;
const PATIENCE = { timeout: 60_000, interval: 100 };

let shop: TestShop;
let stripe: Stripe;
let database: MongoClient | undefined;
let db: Db;
let reconciling: Queue | undefined;
let buyers: Cartwright[];

beforeAll(async () => {
  shop = await createTestShop({
    apis: APIS,
    workers: 0,
    products: [{ slug: 'lamp', price: 2_000, stock: STOCK }],
    env: { LOG_LEVEL: 'fatal' },
  });
  // Whatever arrives is brought by hand.
  await shop.stripe.control.setWebhook(null);
  const { hostname: host, port } = new URL(shop.stripe.url);
  stripe = new Stripe(shop.env['STRIPE_SECRET_KEY'] ?? '', { host, port: Number(port), protocol: 'http' });
  database = await MongoClient.connect(shop.env['MONGODB_URI'] ?? '');
  db = database.db();
  reconciling = new Queue('payments', {
    connection: { url: shop.env['REDIS_URL'] ?? '' },
    prefix: `${shop.env['REDIS_PREFIX']}:queue`,
  });
  buyers = await Promise.all(Array.from({ length: LANES }, () => shop.customer()));
}, 180_000);
afterAll(async () => {
  await reconciling?.close();
  await database?.close();
  await shop[Symbol.asyncDispose]();
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

interface Told {
  readonly id: string;
  readonly body: string;
}
interface Case {
  readonly orderId: string;
  readonly number: string;
  /** What Stripe tells of it, in the order in which it comes. */
  readonly events: readonly Told[];
}

const eventsAt = (cases: readonly Case[], turn: number): Told[] => cases.flatMap(({ events }) => events[turn] ?? []);
const ORDERS = permutations(NEWS);

/** Orders that were paid by bank debit and given back, and the shop knows nothing of either: one for each order of the news. */
async function prepare(orders: readonly (readonly News[])[]): Promise<Case[]> {
  const left = orders.values();
  const cases: Case[] = [];
  await Promise.all(
    buyers.map(async (buyer) => {
      for (const news of left) {
        const { order, payment } = await shop.order(buyer);
        const told = await payAndGiveBack(payment.url ?? '');
        cases.push({ orderId: order.id, number: order.number, events: news.map((type) => told[type]) });
      }
    }),
  );
  return cases;
}

async function payAndGiveBack(url: string): Promise<Record<News, Told>> {
  const sessionId = url.split('/').at(-1) ?? '';
  expect(await shop.pay(url, { bank: 'pending' })).toMatchObject({ outcome: 'processing' });
  await shop.stripe.control.settlePayment(sessionId, 'succeeded');
  const session = await stripe.checkout.sessions.retrieve(sessionId);
  const reference = String(session.payment_intent);
  const refund = await stripe.refunds.create({ payment_intent: reference });
  const { data: events } = await stripe.events.list({ limit: 100, types: [...NEWS] });
  const of = (type: News): Stripe.Event => {
    const found = events.find((event) => {
      const { id } = event.data.object as { id: string };
      return event.type === type && (id === sessionId || id === refund.id);
    });
    if (!found) throw new Error(`Stripe has no ${type} of ${sessionId}`);
    return found;
  };
  const told = (event: { id: string }): Told => ({ id: event.id, body: JSON.stringify(event) });
  const completed = of('checkout.session.completed');
  // Stripe expires no session that was completed: the shop has to bear even that.
  const expired = {
    ...completed,
    id: `${completed.id}expired`,
    type: 'checkout.session.expired',
    data: { object: { ...completed.data.object, status: 'expired', payment_intent: null } },
  };
  return {
    'checkout.session.completed': told(completed),
    'checkout.session.async_payment_succeeded': told(of('checkout.session.async_payment_succeeded')),
    'checkout.session.expired': told(expired),
    'refund.created': told(of('refund.created')),
  };
}

/**
 * Brings an event to each instance at once, each time signed anew, as Stripe does when it hears no answer; and beside it its
 * twin: of one thing that happened Stripe may make two events. Source: docs.stripe.com/webhooks#handle-duplicate-events.
 */
async function deliver({ id, body }: Told): Promise<void> {
  const twin = body.replace(id, `${id}twin`);
  const statuses = await Promise.all([
    ...shop.apis.map(({ url }) => post(url, body)),
    ...shop.apis.slice(0, 1).map(({ url }) => post(url, twin)),
  ]);
  expect(new Set(statuses)).toEqual(new Set([200]));
}

async function post(api: string, payload: string): Promise<number> {
  const secret = shop.env['STRIPE_WEBHOOK_SECRET'] ?? '';
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret });
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  const answer = await fetch(`${api}/webhooks/stripe`, { method: 'POST', headers, body: payload });
  await answer.body?.cancel();
  return answer.status;
}

/** Brings events, some at a time. */
async function deliverAll(events: readonly Told[]): Promise<void> {
  const left = events.values();
  const lane = async (): Promise<void> => {
    for (const event of left) await deliver(event);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

const rows = (name: string, filter: object): Promise<Record<string, unknown>[]> =>
  db.collection(name).find(filter).toArray();
/** How many of the events and their twins are in a state. */
const inState = async (events: readonly Told[], status: string): Promise<number> =>
  (await rows('payment_events', { _id: { $in: events.flatMap(({ id }) => [id, `${id}twin`]) }, status })).length;

/** Waits until workers have looked at each of the events. */
const untilSeen = (events: readonly Told[]) =>
  vi.waitFor(async () => expect(await inState(events, 'received')).toBe(0), PATIENCE);

/**
 * Waits until each event was applied. A refund that was told before its payment has no match until the reconciler looks
 * for one, a minute later at first: the minute is taken to be over, and the reconciler, which asks Stripe about nothing that
 * is so young, is made to look now.
 */
async function untilApplied(cases: readonly Case[]): Promise<void> {
  const events = cases.flatMap((one) => one.events);
  await untilSeen(events);
  await vi.waitFor(async () => {
    const applied = await inState(events, 'applied');
    if (applied < 2 * events.length) {
      await db.collection('payment_events').updateMany({ status: 'unmatched' }, { $set: { retryAt: new Date() } });
      await reconciling?.add('payments.reconcile', {});
    }
    expect(applied).toBe(2 * events.length);
  }, PATIENCE);
}

/** What became of an order, and how often. */
async function endOf({ orderId, number }: Case): Promise<object> {
  const [order] = await rows('orders', { _id: orderId });
  const [payments, refunds, attempts, notifications, mails] = await Promise.all([
    rows('payments', { orderId }),
    rows('payment_refunds', { orderId }),
    rows('payment_attempts', { orderId }),
    rows('notifications', { 'data.orderId': orderId }),
    shop.mailbox.messages(),
  ]);
  return {
    order: [order?.['status'], order?.['paymentStatus']],
    attempts: attempts.map(({ status }) => status),
    payments: payments.map(({ amount, refundable }) => [amount, refundable]),
    refunds: refunds.map(({ amount, status }) => [amount, status]),
    notifications: notifications.map(({ type }) => type).toSorted(),
    mails: mails
      .filter(({ text }) => text.includes(number))
      .map(({ subject }) => subject.replace(number, '#'))
      .toSorted(),
  };
}

/** One capture, one refund, one mail of each, whatever came first. */
async function expectOneEnd(cases: readonly Case[]): Promise<void> {
  await vi.waitFor(async () => expect(await rows('outbox', { dueAt: { $exists: true } })).toEqual([]), PATIENCE);
  await vi.waitFor(async () => expect(await rows('mails', { status: { $ne: 'sent' } })).toEqual([]), PATIENCE);
  for (const one of cases) {
    const [order] = await rows('orders', { _id: one.orderId });
    expect(await endOf(one)).toEqual({
      order: ['paid', 'refunded'],
      attempts: ['paid'],
      payments: [[order?.['total'], 0]],
      refunds: [[order?.['total'], 'succeeded']],
      notifications: ['order.paid', 'order.refunded'],
      mails: ['Cartwright: money back for order #', 'Cartwright: order # is paid'],
    });
  }
}

describe('news of a payment that come to each of three instances', () => {
  it('are taken while no worker runs, and come to one end once one does', async () => {
    // Each kind is the first in some.
    const cases = await prepare(ORDERS.filter((_, index) => index % 4 === 0));
    for (const turn of NEWS.keys()) await deliverAll(eventsAt(cases, turn));
    const events = cases.flatMap((one) => one.events);
    expect(await inState(events, 'received')).toBe(2 * events.length);
    expect(await rows('payments', {})).toEqual([]);
    await shop.startWorker();
    await untilApplied(cases);
    await expectOneEnd(cases);
  }, 180_000);

  it('come to one end in every order, when each is applied before the next', async () => {
    if (shop.workers.length === 0) await shop.startWorker();
    const cases = await prepare(ORDERS);
    expect(cases).toHaveLength(24);
    for (const turn of NEWS.keys()) {
      const events = eventsAt(cases, turn);
      await deliverAll(events);
      await untilSeen(events);
    }
    await untilApplied(cases);
    await expectOneEnd(cases);
  }, 180_000);
});
