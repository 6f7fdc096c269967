import { DomainError, notFound, refusalError } from '@cartwright/domain-errors';
import { sumMoney, type Money } from '@cartwright/domain-money';
import { orderNumberFromBytes } from '@cartwright/domain-orders';
import type { Pricing } from '@cartwright/domain-pricing';
import type { Cart, CartService } from '@cartwright/feature-cart';
import type { CouponService, UsableCoupon } from '@cartwright/feature-coupons';
import type { InventoryService } from '@cartwright/feature-inventory';
import type { IdempotencyRecords, Intent, NoteResult } from '@cartwright/platform-idempotency';
import { isDuplicateKeyError, newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { agreedWithCoupon, orderLinesOf, type Checkout } from './checkout.ts';
import type { Lanes } from './lanes.ts';
import { placedEvent } from './order-changes.ts';
import type { OrderRepository } from './order-repository.ts';
import type { PlaceOrderInput } from './orders.contracts.ts';
import type { BuyerPort, RandomBytes, ShopSettingsPort, ShopSettingsSource } from './orders.ports.ts';
import { guestBuyerOf, type GuestAccess, type Order } from './order.ts';
import type { GuestLimits } from './guest-limits.ts';
import type { OrderTokens } from './guest-access.ts';
import { customerOf, type Buyer, type Quotes } from './quotes.ts';

const NUMBER_BYTES = 5;
const NUMBER_DRAWS = 3;
/** Orders to be paid on delivery wait for the shop, not for their buyer: so many times as many of them may wait. */
const ON_DELIVERY_TIMES = 10;

interface Attempt {
  readonly buyer: Buyer;
  readonly input: PlaceOrderInput;
  readonly cart: Cart;
  readonly email: string;
  /** Of a guest's order. */
  readonly guest: GuestAccess | undefined;
  readonly id: string;
  readonly number: string;
  /** As they were when it began: the quote is compared with these. */
  readonly settings: ShopSettingsPort;
}

/**
 * Placing an order: one MongoDB transaction in which everything is checked again and nothing outside is called. The
 * stock, which many buyers want at once, is written first: whoever loses it has wasted one trip.
 */
export function createOrderPlacement({
  mongo,
  orders,
  records,
  quotes,
  carts,
  stock,
  coupons,
  outbox,
  buyers,
  settings,
  tokens,
  guestLimits,
  randomBytes,
  lanes,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'insertLast' | 'countPending'>;
  records: Pick<IdempotencyRecords, 'once'>;
  quotes: Pick<Quotes, 'price'>;
  carts: Pick<CartService, 'forCheckout' | 'takeOrdered'>;
  stock: Pick<InventoryService, 'hold'>;
  coupons: Pick<CouponService, 'redeem'>;
  outbox: Pick<Outbox, 'append'>;
  buyers: BuyerPort;
  settings: ShopSettingsSource;
  tokens: Pick<OrderTokens, 'grant'>;
  guestLimits: GuestLimits;
  randomBytes: RandomBytes;
  lanes: Pick<Lanes, 'run'>;
  clock: () => Date;
}) {
  /** What is read before the transaction. */
  const look = (buyer: Buyer) => Promise.all([emailOf(buyer), carts.forCheckout(buyer), settings.current()]);

  async function attempt(
    { buyer, input, seen }: { buyer: Buyer; input: PlaceOrderInput; seen: ReturnType<typeof look> },
    note: NoteResult,
  ): Promise<Order> {
    const [email, cart, now] = await seen;
    if (cart && cart.version !== input.cartVersion)
      throw new DomainError('CART_CHANGED', { cartVersion: cart.version });
    if (!cart || cart.lines.length === 0) throw new DomainError('CART_EMPTY');
    const guest = 'userId' in buyer ? undefined : tokens.grant(buyer.ip);
    const facts = { buyer, input, cart, email, guest, settings: now, id: newId() };
    return lanes.run(lanesOf(cart), () =>
      withNumber((number) => mongo.transaction((tx) => write({ ...facts, number }, note, tx))),
    );
  }

  /** Where the buyer is told of the order. Throws INVALID_INPUT for a guest who names no address. */
  async function emailOf(buyer: Buyer): Promise<string> {
    if ('userId' in buyer) {
      const person = await buyers.byId(buyer.userId);
      if (!person) throw notFound('user');
      return person.email;
    }
    if (buyer.email === undefined) {
      throw new DomainError('INVALID_INPUT', { fields: { email: ['Needed to order without an account'] } });
    }
    return buyer.email;
  }

  /** Draws the order's number, and again when another order has it: with millions of orders, that happens. */
  async function withNumber<T>(place: (number: string) => Promise<T>): Promise<T> {
    for (let draw = 1; ; draw += 1) {
      try {
        return await place(orderNumberFromBytes(randomBytes(NUMBER_BYTES)));
      } catch (error) {
        if (draw === NUMBER_DRAWS || !isDuplicateKeyError(error, 'number_1')) throw error;
      }
    }
  }

  async function write(facts: Attempt, note: NoteResult, tx: Tx): Promise<Order> {
    const { buyer, input, cart, email, guest, id, settings: now } = facts;
    const stockChange = await stock.hold(cart.lines, { source: 'order', sourceId: id }, tx);
    await carts.takeOrdered(cart, tx);
    const priced = await quotes.price({ cart, buyer, choice: input, settings: now }, tx);
    const coupon = agreedCoupon(priced, input.quoteHash);
    if (guest) await guestLimits.require({ email, network: guest.network, settings: now }, tx);
    else if ('userId' in buyer) await requireFewPending(buyer.userId, priced.payment, now, tx);
    const order = newOrder(facts, priced, coupon, clock());
    if (coupon) {
      const use = { orderId: id, orderNumber: order.number, discount: discountOf(priced.pricing) };
      await coupons.redeem({ usable: coupon, customer: customerOf(buyer) ?? email, ...use }, tx);
    }
    await orders.insertLast(order, tx);
    await note(id, tx);
    await outbox.append(tx, [placedEvent(order), stockChange]);
    return order;
  }

  /** Other placements of this buyer conflict on the cart, so the count can't be outrun. */
  async function requireFewPending(
    userId: string,
    { settlement }: Checkout['payment'],
    { maximumPendingOrders }: ShopSettingsPort,
    tx: Tx,
  ): Promise<void> {
    const isCash = settlement === 'on_delivery';
    const maximum = maximumPendingOrders * (isCash ? ON_DELIVERY_TIMES : 1);
    if ((await orders.countPending(userId, settlement, maximum, tx)) >= maximum) {
      const waitingFor = isCash ? 'preparation' : 'payment';
      throw new DomainError('TOO_MANY_PENDING_ORDERS', { maximum, waitingFor });
    }
  }

  return {
    /**
     * Places the buyer's cart as quoted, once per intent. Answers the order; of a repetition its id alone. Throws PRICE_CHANGED with the new
     * quote, OUT_OF_STOCK with what is available, CART_EMPTY, CART_CHANGED, VARIANT_UNAVAILABLE, COUPON_*,
     * SHIPPING_METHOD_UNAVAILABLE, PAYMENT_METHOD_UNAVAILABLE, TOO_MANY_PENDING_ORDERS, INVALID_INPUT (a guest without an
     * address) or IDEMPOTENCY_KEY_REUSED; then nothing has changed.
     */
    async place(buyer: Buyer, input: PlaceOrderInput, intent: Intent): Promise<Order | { readonly id: string }> {
      // Beside the look for an earlier call with this intent, which comes first all the same.
      const seen = look(buyer);
      seen.catch(() => undefined);
      let placed: Order | undefined;
      const { resultId } = await records.once(intent, async (note) => {
        placed = await attempt({ buyer, input, seen }, note);
        return placed.id;
      });
      return placed?.id === resultId ? placed : { id: resultId };
    },
  };
}

/** What placements of this cart would conflict on with others. */
function lanesOf({ lines, couponCode }: Cart): string[] {
  const variants = lines.map((line) => `variant ${line.variantId}`);
  return couponCode === undefined ? variants : [...variants, `coupon ${couponCode}`];
}

/** The coupon to redeem. Throws when the price is not the quoted one; by the coupon's reason when the quoted one counted it. */
function agreedCoupon(
  { quote, coupon }: Awaited<ReturnType<Quotes['price']>>,
  quoteHash: string,
): UsableCoupon | undefined {
  if (quote.quoteHash !== quoteHash) {
    if (coupon && !coupon.ok && agreedWithCoupon(quoteHash)) throw refusalError(coupon);
    throw new DomainError('PRICE_CHANGED', { quote });
  }
  return coupon?.ok ? coupon : undefined;
}

/** What the coupon took off, goods and shipping together. */
function discountOf({ lines, shipping, currency }: Pricing): Money {
  const discounts = lines.map(({ discount }) => discount);
  return sumMoney(shipping ? [...discounts, shipping.discount] : discounts, currency);
}

function newOrder(
  { buyer, input, cart, email, guest, id, number, settings }: Attempt,
  { lines, pricing, shipping, payment }: Checkout,
  coupon: UsableCoupon | undefined,
  now: Date,
): Order {
  const prepaid = payment.settlement === 'prepaid';
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
  const holdSeconds = Math.min(settings.stockHoldSeconds, settings.orderExpirySeconds);
  return {
    id,
    number,
    version: 1,
    userId: 'userId' in buyer ? buyer.userId : guestBuyerOf(id),
    ...(guest ? { guest } : {}),
    email,
    cartId: cart.id,
    status: 'pending',
    paymentStatus: 'unpaid',
    fulfillmentStatus: 'unfulfilled',
    settlement: payment.settlement,
    total: pricing.total,
    lines: orderLinesOf({ lines }),
    pricing,
    ...(coupon ? { coupon: { couponId: coupon.coupon.id, code: coupon.coupon.code, discount: coupon.discount } } : {}),
    shippingAddress: input.shippingAddress,
    billingAddress: input.billingAddress ?? input.shippingAddress,
    shippingMethod: { id: shipping.id, label: shipping.label },
    paymentMethod: payment.id,
    ...(input.note === undefined ? {} : { note: input.note }),
    hold: 'held',
    holdCount: 1,
    ...(prepaid
      ? { holdExpiresAt: after(holdSeconds), expiresAt: after(settings.orderExpirySeconds) }
      : { confirmedAt: now }),
    timeline: [
      { at: now, kind: 'order.placed', by: 'customer', text: prepaid ? 'Order placed' : 'Order placed and confirmed' },
    ],
    refunds: [],
    createdAt: now,
    updatedAt: now,
  };
}
