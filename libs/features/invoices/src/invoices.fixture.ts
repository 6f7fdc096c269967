import { notFound } from '@cartwright/domain-errors';
import { money } from '@cartwright/domain-money';
import { calculatePricing, calculateRefund, type PricingInput, type RefundRequest } from '@cartwright/domain-pricing';
import {
  createOrderModel,
  createOrderRepository,
  type Order,
  type OrderCaller,
  type OrderRefund,
} from '@cartwright/feature-orders';
import { createPrinter } from '@cartwright/platform-documents';
import { createSilentLogger } from '@cartwright/platform-logger';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import { collectingQueues, fixedClock, testFiles, testMongo } from '@cartwright/testkit';
import { createInvoiceFiles } from './invoice-files.ts';
import { createInvoiceIssuing } from './invoice-issuing.ts';
import { createInvoicePersonalData } from './invoice-personal-data.ts';
import { createInvoiceRepository } from './invoice-repository.ts';
import { createInvoiceService } from './invoice-service.ts';
import { createInvoiceModels } from './invoice.model.ts';

const address = { name: 'Ada Buyer', line1: '1 Main St', city: 'Springfield', postalCode: '12345', country: 'US' };
const NOW = new Date('2026-01-15T12:00:00.000Z');

/** Two lamps at 10.00 with 10 % tax, and 5.99 for shipping. */
export const LAMPS: PricingInput = {
  currency: 'USD',
  lines: [{ lineId: 'line-1', unitPrice: 1_000, quantity: 2, taxClass: 'standard', eligibleForCoupon: true }],
  shipping: { label: 'Standard', amount: 599, taxClass: 'standard' },
  tax: { mode: 'exclusive', rates: { standard: 1_000 } },
};

/** An order that waits for its money. */
export function buildOrder(rest: Partial<Order> = {}, input: PricingInput = LAMPS): Order {
  const pricing = calculatePricing(input);
  const id = newId();
  return {
    ...{ id, number: `CW-${id.slice(-8)}`, version: 1, userId: 'user', email: 'ada@cartwright.test', cartId: 'cart' },
    ...{ status: 'pending', paymentStatus: 'unpaid', fulfillmentStatus: 'unfulfilled', settlement: 'prepaid' },
    ...{ total: pricing.total, pricing },
    lines: input.lines.map(({ lineId, quantity, taxClass }) => {
      const product = { id: 'p', slug: 'lamp', title: `Lamp ${lineId}`, image: null, sku: 'LAMP', options: {} };
      return { lineId, variantId: lineId, quantity, taxClass, product };
    }),
    ...{ shippingAddress: address, billingAddress: address, shippingMethod: { id: 'standard', label: 'Standard' } },
    ...{ paymentMethod: 'stripe_checkout', hold: 'held', holdCount: 1, timeline: [], refunds: [] },
    ...{ createdAt: NOW, updatedAt: NOW },
    ...rest,
  };
}

export const paid = { status: 'paid', paymentStatus: 'paid', paymentId: 'payment', paidAt: NOW } as const;
export const cash = { settlement: 'on_delivery', paymentMethod: 'cash_on_delivery' } as const;
/** Its first parcel has left. */
export const sent = {
  fulfillmentStatus: 'shipped',
  shipments: [{ id: 's', at: NOW, carrier: 'DHL', trackingNumber: '1', lines: [] }],
} as const;

/** The order with what a wish gives back of it, gone through. */
export function withRefund(order: Order, wish: RefundRequest, rest: Partial<OrderRefund> = {}): Order {
  const standing = order.refunds.flatMap(({ parts }) => parts ?? []);
  const { amount, lines, shipping } = calculateRefund(order.pricing, standing, wish);
  const refund: OrderRefund = {
    ...{ id: newId(), paymentId: order.paymentId, amount, status: 'succeeded', at: NOW, parts: { lines, shipping } },
    ...rest,
  };
  return { ...order, refunds: [...order.refunds, refund] };
}

export const usd = (amount: number) => money(amount, 'USD');

/** Invoices on a database of their own, with a bucket of their own. The clock is near the true time: addresses end by that. */
export async function invoicesFixture() {
  const { mongo, ...db } = await testMongo();
  const bucket = await testFiles();
  const queues = collectingQueues();
  const clock = fixedClock(new Date().toISOString());
  const repository = createOrderRepository({ orders: createOrderModel(mongo.connection) });
  const orders = {
    byId: repository.byId,
    async requireOwn({ userId }: OrderCaller, orderId: string) {
      const order = await repository.byId(orderId);
      if (!order || order.userId !== userId) throw notFound('order');
      return order;
    },
    list: async (userId: string) => ({ items: await repository.page({ userId }, 100), nextCursor: null }),
  };
  const models = createInvoiceModels(mongo.connection);
  const invoices = createInvoiceRepository(models);
  const { store } = bucket;
  const files = createInvoiceFiles({ invoices, store, printer: createPrinter(), queues, timezone: 'UTC' });
  /** Another process: its turns are its own. */
  const process = (transactions: Pick<Mongo, 'transaction'> = mongo, isPrinting = true) =>
    createInvoiceIssuing({
      ...{ mongo: transactions, invoices, orders, queues, isPrinting, clock, logger: createSilentLogger() },
      seller: { name: 'Lamps Ltd', address: ['2 High St'], taxId: 'X1' },
    });
  const issuing = process();
  await mongo.ensureIndexes();
  return {
    ...{ mongo, repository, invoices, files, issuing, process, queues, clock, store },
    service: createInvoiceService({ invoices, orders, files, queues, isPrinting: true }),
    /** Of a shop without a place for files. */
    paperless: createInvoiceService({ invoices, orders, files, queues, isPrinting: false }),
    personalData: createInvoicePersonalData({ invoices, orders }),
    async place(order: Order): Promise<Order> {
      await mongo.transaction((tx) => repository.insert(order, tx));
      return order;
    },
    async change(order: Order): Promise<Order> {
      const next = { ...order, version: order.version + 1 };
      await mongo.transaction((tx) => repository.save(next, tx));
      return next;
    },
    all: async () => (await models.invoices.find().sort({ sequence: 1 }).lean()).map(({ _id, ...rest }) => rest),
    requests: () => models.requests.countDocuments(),
    counters: async () => Object.fromEntries((await models.counters.find().lean()).map((one) => [one._id, one.taken])),
    [Symbol.asyncDispose]: async () => {
      await bucket[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}
