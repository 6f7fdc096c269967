import { DomainError, notFound } from '@cartwright/domain-errors';
import { cancelOrder, isCancelable, isPayable, normalizeOrderNumber } from '@cartwright/domain-orders';
import type { CartService } from '@cartwright/feature-cart';
import type { IdempotencyRecords, Intent } from '@cartwright/platform-idempotency';
import type { Logger } from '@cartwright/platform-logger';
import { decodeCursor, encodeCursor, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { z } from 'zod';
import { decided, outboxEvents, touched, updatedEvent } from './order-changes.ts';
import type { OrderBans } from './order-bans.ts';
import { requireOwn, type OrderCaller, type OrderTokens } from './guest-access.ts';
import type { GuestOrders } from './guest-orders.ts';
import type { OrderClocks } from './order-clocks.ts';
import type { OrderHolds } from './order-holds.ts';
import { toAdminOrderDto } from './order-admin-mapping.ts';
import { toOrderDto, toOrderSummary } from './order-mapping.ts';
import type { OrderPayments } from './order-payments.ts';
import { progressOf } from './order-progress.ts';
import type { OrderFilter, OrderRepository } from './order-repository.ts';
import { orderSearch } from './order-search.ts';
import type { OrderStream } from './order-stream.ts';
import type { AdminOrderDto, OrderCountsDto } from './orders-admin.contracts.ts';
import type { OrderDto, PlaceOrderInput } from './orders.contracts.ts';
import type { PaymentPort, ShopSettingsSource } from './orders.ports.ts';
import type { Order } from './order.ts';
import type { createOrderPlacement } from './place-order.ts';
import type { Buyer, Quotes } from './quotes.ts';
import type { OrderReturns } from './order-returns.ts';
import type { Reorder } from './reorder.ts';
import { forOrder, returnUrlsOf, type ReturnUrls } from './return-urls.ts';

/** More than that are many, however many they are. */
const COUNTED_MAX = 100;

/** Earlier versions gave no time; it is needed in a period alone. */
const markSchema = z.strictObject({ at: z.coerce.date().optional(), id: z.string().max(64) });

interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface PayInput {
  readonly orderId: string;
  readonly successUrl?: string | undefined;
  readonly cancelUrl?: string | undefined;
}

/** Use cases of orders. Somebody else's order is NOT_FOUND in all of them. */
export function createOrderService({
  mongo,
  orders,
  placement,
  quotes,
  clocks,
  bans,
  holds,
  booking,
  stream,
  guests,
  reordering,
  returns,
  tokens,
  records,
  payments,
  carts,
  outbox,
  settings,
  logger,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: OrderRepository;
  placement: ReturnType<typeof createOrderPlacement>;
  quotes: Pick<Quotes, 'quote'>;
  clocks: OrderClocks;
  bans: OrderBans;
  holds: Pick<OrderHolds, 'release' | 'renew'>;
  booking: OrderPayments;
  stream: OrderStream;
  guests: GuestOrders;
  reordering: Reorder;
  returns: Pick<OrderReturns, 'requestReturn'>;
  tokens: Pick<OrderTokens, 'tokenOf'>;
  records: Pick<IdempotencyRecords, 'once'>;
  payments: PaymentPort;
  carts: Pick<CartService, 'restore'>;
  outbox: Pick<Outbox, 'append'>;
  settings: ShopSettingsSource;
  logger: Pick<Logger, 'warn'>;
  clock: () => Date;
}) {
  /** The caller's own order. */
  async function own(caller: OrderCaller, orderId: string, tx?: Tx): Promise<Order> {
    return requireOwn(await orders.byId(orderId, tx), caller);
  }

  async function existing(orderId: string): Promise<Order> {
    const order = await orders.byId(orderId);
    if (!order) throw notFound('order');
    return order;
  }

  /** The order stands, whether or not the provider answers: without a URL the buyer goes on with `pay`. */
  async function startPayment(order: Order, urls: ReturnUrls): Promise<{ order: Order; url?: string | undefined }> {
    if (order.settlement !== 'prepaid' || !isPayable(order) || order.hold !== 'held') return { order };
    try {
      const { url } = await payments.start({ order, ...forOrder(urls, order) });
      return url === undefined ? { order: await existing(order.id) } : { order, url };
    } catch (error) {
      logger.warn({ err: error, orderId: order.id }, 'payment not started');
      return { order };
    }
  }

  /** Stock and coupon for an order whose hold has ended; an order that holds them is left alone. */
  async function renewHold(caller: OrderCaller, orderId: string): Promise<Order> {
    return mongo.transaction(async (tx) => {
      const order = await own(caller, orderId, tx);
      if (order.settlement !== 'prepaid' || !isPayable(order)) throw new DomainError('ORDER_NOT_PAYABLE');
      if (order.hold === 'held') return order;
      const now = clock();
      const renewed = await holds.renew(order, now, tx);
      const saved = touched(renewed.order, { kind: 'order.hold_renewed', by: 'customer', text: 'Reserved again' }, now);
      await orders.save(saved, tx);
      await outbox.append(tx, [updatedEvent(saved), ...renewed.events]);
      return saved;
    });
  }

  async function page(filter: OrderFilter, { limit, cursor }: Page) {
    const mark = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
    const found = await orders.page(filter, limit, mark && { id: mark.id, createdAt: mark.at });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(toOrderSummary),
      nextCursor: found.length > limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null,
    };
  }

  async function writeCancel(caller: OrderCaller, orderId: string, restoreCart: boolean, tx: Tx): Promise<void> {
    const order = await own(caller, orderId, tx);
    const now = clock();
    const decision = cancelOrder(order, { reason: 'customer' }, now);
    const released = await holds.release(decision.order, tx);
    const saved = decided({ ...decision, order: released.order }, 'customer', now);
    await orders.save(saved, tx);
    if (restoreCart) {
      const to = caller.userId === undefined ? { cartId: order.cartId } : { userId: caller.userId };
      await carts.restore(to, { lines: cartItemsOf(order), couponCode: order.coupon?.code }, tx);
    }
    await outbox.append(tx, [...outboxEvents(saved, decision.events), ...released.events]);
  }

  return {
    ...booking,
    ...clocks,
    applyBan: bans.applyBan,
    quote: quotes.quote,
    ...stream,
    ...guests,
    ...reordering,
    requestReturn: returns.requestReturn,

    /** Whether a piece of the product was delivered to the user, and is with them. */
    async hasReceived(userId: string, productId: string): Promise<boolean> {
      const sent = await orders.sentOf(userId, productId);
      return sent.some((order) => {
        const lineIds = new Set(order.lines.flatMap((line) => (line.product.id === productId ? line.lineId : [])));
        return progressOf(order).some((line) => lineIds.has(line.lineId) && line.delivered > line.returned);
      });
    },

    /** How many orders a user has, by status. */
    async countsOf(userId: string) {
      const { pending = 0, paid = 0, canceled = 0 } = await orders.countByStatus(userId);
      return { total: pending + paid + canceled, pending, paid, canceled };
    },

    /**
     * Places the cart as quoted and starts its payment. The same intent answers the same order again, with a URL
     * while it can be paid. Throws what `createOrderPlacement` says, and RETURN_URL_NOT_ALLOWED.
     */
    async place(buyer: Buyer, input: PlaceOrderInput, intent: Intent) {
      const urls = returnUrlsOf(input, await settings.current());
      const known = await placement.place(buyer, input, intent);
      const placed = 'status' in known ? known : await existing(known.id);
      // A guest's order that an account has claimed since is that account's, also for whoever repeats the call.
      const isOwn = 'userId' in buyer ? placed.userId === buyer.userId : placed.guest !== undefined;
      if (!isOwn) throw notFound('order');
      const { order, url } = await startPayment(placed, urls);
      const { guest } = order;
      return {
        order: toOrderDto(order),
        payment: url === undefined ? {} : { url },
        ...(guest ? { orderToken: tokens.tokenOf(guest.seed) } : {}),
      };
    },

    /**
     * Goes on with the payment of a pending order, taking stock and coupon again when its hold has ended. Where nothing
     * is due, the order is paid by that and the URL is the one to come back to. Throws ORDER_NOT_PAYABLE, OUT_OF_STOCK, COUPON_* or PAYMENT_PROVIDER_UNAVAILABLE. Repetitions share one payment page.
     */
    async pay(caller: OrderCaller, input: PayInput): Promise<{ url: string }> {
      const urls = returnUrlsOf(input, await settings.current());
      const seen = await own(caller, input.orderId);
      if (seen.settlement !== 'prepaid' || !isPayable(seen)) throw new DomainError('ORDER_NOT_PAYABLE');
      const order = seen.hold === 'held' ? seen : await renewHold(caller, input.orderId);
      const returnTo = forOrder(urls, order);
      const { url = returnTo.successUrl } = await payments.start({ order, ...returnTo });
      return { url };
    },

    /**
     * Cancels the caller's own unpaid order; stock and coupon use go back, and when asked for the lines go into the user's cart,
     * or into the guest's it was placed from.
     * Throws ORDER_NOT_CANCELABLE when it is paid, being paid or under way.
     */
    async cancel(
      caller: OrderCaller,
      input: { orderId: string; restoreCart?: boolean | undefined },
      intent: Intent,
    ): Promise<OrderDto> {
      const { orderId, restoreCart = false } = input;
      const { resultId } = await records.once(intent, async (note) => {
        const order = await own(caller, orderId);
        if (!isCancelable(order, 'customer')) throw new DomainError('ORDER_NOT_CANCELABLE');
        if (order.settlement === 'prepaid' && (await payments.expireOpenSession(orderId)) === 'completed') {
          throw new DomainError('ORDER_NOT_CANCELABLE');
        }
        await mongo.transaction(async (tx) => {
          await writeCancel(caller, orderId, restoreCart, tx);
          await note(orderId, tx);
        });
        return orderId;
      });
      return toOrderDto(await own(caller, resultId));
    },

    /** The customer's orders, newest first. */
    list: (userId: string, input: Page) => page({ userId }, input),
    byId: async (caller: OrderCaller, orderId: string): Promise<OrderDto> => toOrderDto(await own(caller, orderId)),
    /** By the number as people type it. */
    async byNumber(caller: OrderCaller, number: string): Promise<OrderDto> {
      const normalized = normalizeOrderNumber(number);
      const order = normalized === undefined ? null : await orders.byNumber(normalized);
      return toOrderDto(requireOwn(order, caller));
    },
    async paymentStatus(caller: OrderCaller, orderId: string) {
      const { status, paymentStatus } = await own(caller, orderId);
      return { orderId, status, paymentStatus };
    },

    /** An order as it is, for other features. Throws NOT_FOUND. */
    load: existing,

    admin: {
      /** All orders, newest first. `query` is an order number or the start of an e-mail address. */
      async list({ query, limit, cursor, ...filter }: Page & OrderFilter & { query?: string | undefined }) {
        return page({ ...filter, ...(await orderSearch(orders, query)) }, { limit, cursor });
      },
      byId: async (orderId: string): Promise<AdminOrderDto> => toAdminOrderDto(await existing(orderId)),
      /** How many orders wait for an answer of the shop, up to 100. */
      counts: async (): Promise<OrderCountsDto> => ({ returnRequested: await orders.countReturnsAsked(COUNTED_MAX) }),
      /** Ends the review of an order that a ban holds. Throws NOT_FOUND, VERSION_CONFLICT. */
      async endReview(orderId: string, actorId: string): Promise<AdminOrderDto> {
        await bans.endReview(orderId, actorId);
        return toAdminOrderDto(await existing(orderId));
      },
    },
  };
}

export type OrderService = ReturnType<typeof createOrderService>;

function cartItemsOf(order: Order) {
  const prices = new Map(order.pricing.lines.map((line) => [line.lineId, line.unitPrice.amount]));
  return order.lines.map(({ lineId, variantId, quantity }) => ({
    variantId,
    quantity,
    unitPrice: prices.get(lineId) ?? 0,
  }));
}
