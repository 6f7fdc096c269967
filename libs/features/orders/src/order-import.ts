import { createHash } from 'node:crypto';
import { invalidInput } from '@cartwright/domain-errors';
import { orderNumberFromBytes } from '@cartwright/domain-orders';
import { toCouponLine, type Cart, type CartService } from '@cartwright/feature-cart';
import type { CouponService } from '@cartwright/feature-coupons';
import type { InventoryService } from '@cartwright/feature-inventory';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { checkout, orderLinesOf, type Checkout } from './checkout.ts';
import {
  importOrdersSchema,
  type ImportedOrder,
  type ImportedOrderState,
  type ImportOrdersInput,
} from './order-import.contracts.ts';
import type { OrderRepository } from './order-repository.ts';
import type { ShopSettingsSource } from './orders.ports.ts';
import type { Order } from './order.ts';

/** What the import needs of others: people and goods by the names an operator knows, and whoever counts sales. */
export interface OrderImportPorts {
  customersByEmail(emails: readonly string[]): Promise<Map<string, { id: string }>>;
  variantIdsBySku(skus: readonly string[]): Promise<Map<string, string>>;
  /** In the transaction that writes the order. */
  onImported(orderId: string, tx: Tx): Promise<void>;
}

type Customer = { id: string };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long payment and delivery are taken to have lasted. */
const PAID_AFTER_MS = 3 * MINUTE_MS;
const DELIVERED_AFTER_MS = 4 * DAY_MS;

/** Imports past orders, such as from another system: once per reference, without mails. */
export function createOrderImport({
  mongo,
  orders,
  carts,
  coupons,
  stock,
  outbox,
  settings: source,
  ports,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'insert' | 'byNumber'>;
  carts: Pick<CartService, 'resolve'>;
  coupons: Pick<CouponService, 'evaluate'>;
  stock: Pick<InventoryService, 'holdIfAvailable'>;
  outbox: Pick<Outbox, 'append'>;
  settings: ShopSettingsSource;
  ports: OrderImportPorts;
}) {
  async function priced(input: ImportedOrder, cart: Cart): Promise<Checkout> {
    const [resolved, settings] = await Promise.all([carts.resolve(cart), source.current()]);
    const query = { lines: resolved.lines.map(toCouponLine), currency: settings.currency };
    const coupon =
      input.coupon === undefined
        ? undefined
        : { code: input.coupon, answer: await coupons.evaluate({ ...query, code: input.coupon }) };
    return checkout({
      cartId: cart.id,
      cartVersion: cart.version,
      resolved,
      coupon,
      choice: input,
      emailVerified: true,
      settings,
    });
  }

  /** Paid goods that have not left the house yet are set aside, like those of any order. */
  async function holdOf(order: Order, state: ImportedOrderState, tx: Tx): Promise<Order> {
    if (state !== 'paid' && state !== 'processing') return order;
    const held = await stock.holdIfAvailable(order.lines, { source: 'order', sourceId: order.id }, tx);
    if (held) await outbox.append(tx, [held]);
    return held ? { ...order, hold: 'held', holdCount: 1 } : { ...order, hold: 'missing' };
  }

  return {
    /** Answers how many orders are new. Throws INVALID_INPUT for an unknown customer or SKU. */
    async importOrders(raw: ImportOrdersInput): Promise<number> {
      const input = importOrdersSchema.parse(raw);
      const [customers, variants] = await Promise.all([
        ports.customersByEmail([...new Set(input.map((order) => order.customerEmail))]),
        ports.variantIdsBySku([...new Set(input.flatMap((order) => order.lines.map(({ sku }) => sku)))]),
      ]);
      let fresh = 0;
      for (const item of input) {
        const number = numberOf(item.reference);
        if (await orders.byNumber(number)) continue;
        const customer = customers.get(item.customerEmail);
        if (!customer) throw invalidInput(`Order "${item.reference}": no customer "${item.customerEmail}"`);
        const cart = cartOf(item, customer, variants);
        const order = importedOrder(item, { customer, number, cart, checked: await priced(item, cart) });
        await mongo.transaction(async (tx) => {
          await orders.insert(await holdOf(order, item.state, tx), tx);
          await ports.onImported(order.id, tx);
        });
        fresh += 1;
      }
      return fresh;
    },
  };
}

export type OrderImport = ReturnType<typeof createOrderImport>;

/** The same reference always gets the same number: that is how a second import finds the first. */
const numberOf = (reference: string): string =>
  orderNumberFromBytes(createHash('sha256').update(`import\0${reference}`).digest());

const IMPORT = 'import-';

/** Whether an order was brought here from another system: it never was a cart of this shop. */
export const isImported = ({ cartId }: Pick<Order, 'cartId'>): boolean => cartId.startsWith(IMPORT);

function cartOf(item: ImportedOrder, customer: Customer, variants: ReadonlyMap<string, string>): Cart {
  const lines = item.lines.map(({ sku, quantity }, index) => {
    const variantId = variants.get(sku);
    if (variantId === undefined) throw invalidInput(`Order "${item.reference}": no SKU "${sku}"`);
    return { lineId: `line-${index + 1}`, variantId, quantity, seenUnitPrice: 0 };
  });
  return { id: `${IMPORT}${item.reference}`, version: 0, owner: { userId: customer.id }, lines };
}

function importedOrder(
  item: ImportedOrder,
  { customer, number, cart, checked }: { customer: Customer; number: string; cart: Cart; checked: Checkout },
): Order {
  const { pricing, shipping, payment, lines } = checked;
  const placedAt = item.placedAt;
  const id = newId();
  return {
    id,
    number,
    version: 1,
    userId: customer.id,
    email: item.customerEmail,
    cartId: cart.id,
    settlement: payment.settlement,
    total: pricing.total,
    ...progressOf(item, pricing.total, id),
    lines: orderLinesOf({ lines }),
    pricing,
    shippingAddress: item.shippingAddress,
    billingAddress: item.shippingAddress,
    shippingMethod: { id: shipping.id, label: shipping.label },
    paymentMethod: payment.id,
    hold: 'released',
    holdCount: 0,
    createdAt: placedAt,
    updatedAt: placedAt,
  };
}

type Progress = Pick<
  Order,
  | 'status'
  | 'paymentStatus'
  | 'fulfillmentStatus'
  | 'paidAt'
  | 'canceledAt'
  | 'cancelReason'
  | 'confirmedAt'
  | 'timeline'
  | 'refunds'
>;

/** Status, times and timeline that fit the state an order had reached. */
function progressOf({ state, placedAt, paymentMethod }: ImportedOrder, total: Order['total'], id: string): Progress {
  const at = (milliseconds: number) => new Date(placedAt.getTime() + milliseconds);
  const cash = paymentMethod === 'cash_on_delivery';
  const entry = (kind: string, by: 'customer' | 'staff' | 'system', text: string, when: Date) => ({
    at: when,
    kind,
    by,
    text,
  });
  const timeline = [entry('order.placed', 'customer', 'Order placed', placedAt)];
  const confirmed = cash ? { confirmedAt: placedAt } : {};

  if (state === 'pending' || (state === 'paid' && cash)) {
    return {
      status: 'pending',
      paymentStatus: 'unpaid',
      fulfillmentStatus: 'unfulfilled',
      ...confirmed,
      timeline,
      refunds: [],
    };
  }
  if (state === 'canceled') {
    timeline.push(entry('order.canceled', 'customer', 'Canceled', at(DAY_MS)));
    const canceled = { canceledAt: at(DAY_MS), cancelReason: 'customer' as const };
    return {
      status: 'canceled',
      paymentStatus: 'unpaid',
      fulfillmentStatus: 'unfulfilled',
      ...canceled,
      timeline,
      refunds: [],
    };
  }
  const handedOver = state === 'delivered' || state === 'returned' || state === 'refunded';
  const isPaid = !cash || handedOver;
  const paidAt = cash ? at(DELIVERED_AFTER_MS) : at(PAID_AFTER_MS);
  if (isPaid) timeline.push(entry('order.paid', 'system', cash ? 'Cash received' : 'Payment received', paidAt));
  if (handedOver) timeline.push(entry('order.delivered', 'staff', 'Delivered', at(DELIVERED_AFTER_MS)));
  const refundedAt = at(DELIVERED_AFTER_MS + 3 * DAY_MS);
  const givenBack = state === 'refunded' || state === 'returned';
  if (givenBack) timeline.push(entry('order.refunded', 'staff', 'Refunded', refundedAt));
  const fulfillmentStatus = state === 'paid' ? 'unfulfilled' : state === 'refunded' ? 'delivered' : state;
  return {
    status: isPaid ? 'paid' : 'pending',
    paymentStatus: givenBack ? 'refunded' : isPaid ? 'paid' : 'unpaid',
    fulfillmentStatus,
    ...confirmed,
    ...(isPaid ? { paidAt } : {}),
    timeline,
    refunds: givenBack ? [{ id: `${id}-import`, amount: total, status: 'succeeded', at: refundedAt }] : [],
  };
}
