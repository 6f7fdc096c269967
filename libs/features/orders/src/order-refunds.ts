import { DomainError, invalidInput, notFound } from '@cartwright/domain-errors';
import {
  calculateRefund,
  refundableAmount,
  type RefundCalculation,
  type RefundParts,
} from '@cartwright/domain-pricing';
import type { InventoryService } from '@cartwright/feature-inventory';
import type { IdempotencyRecords, Intent } from '@cartwright/platform-idempotency';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { AnyPendingEvent, Outbox } from '@cartwright/platform-outbox';
import type { Lanes } from './lanes.ts';
import { isPaidElsewhere, isRetryable, toAdminOrderDto } from './order-admin-mapping.ts';
import { arrivalEvents, touched, updatedEvent } from './order-changes.ts';
import { refundText } from './order-payments.ts';
import {
  isMoneyUnderWay,
  isWithin,
  progressOf,
  refundableOf,
  settled,
  standingRefunds,
  variantsOf,
} from './order-progress.ts';
import type { OrderRepository } from './order-repository.ts';
import { isOneWish, type PreviewRefundDto, type RefundInput, type RefundWish } from './orders-admin.contracts.ts';
import type { LedgerPort } from './orders.ports.ts';
import type { Order, OrderRefund, RefundedGoods } from './order.ts';

/** A member of staff. Without `isUnlimited` an order's refunds have a limit, all together. */
export interface RefundActor {
  readonly userId: string;
  readonly isUnlimited: boolean;
}

/** What is to be given back, and by whom. */
export interface WantedRefund {
  readonly order: Order;
  readonly wish: Omit<RefundWish, 'orderId'>;
  readonly actor: RefundActor;
  readonly reason: string | undefined;
  readonly now: Date;
}

/**
 * Giving money back. The amount is set aside in the ledger and noted with the order in one transaction: of refunds at the
 * same moment, each sees those before it. Pieces that were not sent are not sent any more.
 */
export function createOrderRefunds({
  mongo,
  orders,
  records,
  ledger,
  stock,
  outbox,
  lanes,
  staffRefundLimit,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'byId' | 'save'>;
  records: Pick<IdempotencyRecords, 'once'>;
  ledger: Pick<LedgerPort, 'requestRefund'>;
  stock: Pick<InventoryService, 'release' | 'ship' | 'restock'>;
  outbox: Pick<Outbox, 'append'>;
  /** Refunds of one order wait for each other instead of running into each other. */
  lanes: Pick<Lanes, 'run'>;
  /** Minor units. */
  staffRefundLimit: number;
  clock: () => Date;
}) {
  async function existing(orderId: string, tx?: Tx): Promise<Order> {
    const order = await orders.byId(orderId, tx);
    if (!order) throw notFound('order');
    return order;
  }

  /** Splitting a refund is no way around the limit: it is on all refunds of the order. */
  function isWithinLimit(order: Order, amount: number, actor: RefundActor): boolean {
    if (actor.isUnlimited || amount === 0) return true;
    const given = order.refunds.filter(
      ({ status, origin, paymentId }) => status !== 'failed' && origin === undefined && paymentId === order.paymentId,
    );
    return given.reduce((sum, refund) => sum + refund.amount.amount, amount) <= staffRefundLimit;
  }

  /** The order with the refund, ready to be saved, and the events to append with it. */
  async function add(
    { order, actor, reason, now }: Omit<WantedRefund, 'wish'>,
    wanted: RefundParts & Pick<RefundCalculation, 'amount'> & { goods: readonly RefundedGoods[] },
    tx: Tx,
  ): Promise<{ order: Order; refund: OrderRefund; events: AnyPendingEvent[] }> {
    const { amount, lines, shipping, goods } = wanted;
    const { paymentId } = order;
    if (paymentId === undefined) throw new DomainError('REFUND_NOT_POSSIBLE');
    if (!isWithinLimit(order, amount.amount, actor)) {
      const limit = { amount: staffRefundLimit, currency: amount.currency };
      throw new DomainError('REFUND_LIMIT_EXCEEDED', { limit });
    }
    // Pieces that are worth nothing, or whose money went back on another way: nothing is paid, and it is done by that.
    const isFree = amount.amount === 0;
    if (isFree) requireNoneUnderWay(order);
    const requested = isFree ? { id: newId() } : await ledger.requestRefund({ paymentId, amount }, tx);
    if (!requested) throw new DomainError('REFUND_EXCEEDS_PAID', { refundable: refundableOf(order) });
    const { id } = requested;
    const parts: RefundParts = { lines, shipping };
    const status = isFree ? 'succeeded' : 'requested';
    const refund: OrderRefund = {
      ...{ id, paymentId, amount, status, at: now, movedAt: now, parts, goods, actorId: actor.userId },
      ...(reason === undefined ? {} : { reason }),
    };
    const events = await moveGoods(order, { id, goods }, tx);
    const noted = { ...order, refunds: [...order.refunds, refund] };
    const entry = { kind: 'order.refund', by: 'staff', text: refundText(refund), actorId: actor.userId } as const;
    const saved = touched(settled(noted), { ...entry, detail: reason }, now);
    // What was still to come is given back: all that is left has arrived.
    events.push(...arrivalEvents(order, saved));
    return { order: saved, refund, events };
  }

  /** Pieces that were not sent leave the reservation, for the shelf or for good; sent ones go back on the shelf. */
  async function moveGoods(
    order: Order,
    { id: sourceId, goods }: { id: string; goods: readonly RefundedGoods[] },
    tx: Tx,
  ): Promise<AnyPendingEvent[]> {
    const source = { source: 'refund', sourceId };
    const events: AnyPendingEvent[] = [];
    const released = variantsOf(
      order,
      goods.map(({ lineId, released: quantity }) => ({ lineId, quantity })),
    );
    const writtenOff = variantsOf(
      order,
      goods.map(({ lineId, withdrawn, released }) => ({ lineId, quantity: withdrawn - released })),
    );
    const restocked = variantsOf(
      order,
      goods.map(({ lineId, restocked: quantity }) => ({ lineId, quantity })),
    );
    if (order.hold === 'held' && released.length > 0) events.push(await stock.release(released, source, tx));
    if (order.hold === 'held' && writtenOff.length > 0) events.push(await stock.ship(writtenOff, source, tx));
    if (restocked.length > 0) events.push(await stock.restock(restocked, source, tx));
    return events;
  }

  /** As a refund of its own what a failed one should have given back; pieces it gave up are not given up again. */
  async function again(
    {
      parts,
      amount,
      ...wanted
    }: Omit<WantedRefund, 'wish'> & Pick<RefundCalculation, 'amount'> & { parts: RefundParts },
    tx: Tx,
  ) {
    const { order } = wanted;
    if (!isWithin(order.pricing, [...standingRefunds(order), parts])) {
      throw new DomainError('REFUND_EXCEEDS_PAID', { refundable: refundableOf(order) });
    }
    return add(wanted, { ...parts, amount, goods: goodsOf(order, parts, []) }, tx);
  }

  /** The same for money that the order had no need of: it says nothing of lines. */
  async function otherAgain(
    { order, actor, now }: Omit<WantedRefund, 'wish'>,
    { paymentId = '', amount }: OrderRefund,
    tx: Tx,
  ) {
    const requested = await ledger.requestRefund({ paymentId, amount }, tx);
    if (!requested) throw new DomainError('REFUND_NOT_POSSIBLE');
    const { id } = requested;
    const refund: OrderRefund = { id, paymentId, amount, status: 'requested', at: now, actorId: actor.userId };
    const entry = { kind: 'order.refund', by: 'staff', text: refundText(refund), actorId: actor.userId } as const;
    return { order: touched({ ...order, refunds: [...order.refunds, refund] }, entry, now), refund, events: [] };
  }

  async function request(wanted: WantedRefund, tx: Tx) {
    const { order, wish } = wanted;
    requirePaid(order);
    requireLeft(order, wish);
    const calculation = calculateRefund(order.pricing, standingRefunds(order), wish);
    return add(wanted, { ...calculation, goods: goodsOf(order, calculation, wish.lines ?? []) }, tx);
  }

  return {
    /** As `refund`, within the caller's transaction; the order is not saved yet. */
    request,

    /** What a refund would come to. Throws as `refund` does, except for the limit. */
    async preview({ orderId, ...wish }: RefundWish, actor: RefundActor): Promise<PreviewRefundDto> {
      const order = await existing(orderId);
      requirePaid(order);
      requireLeft(order, wish);
      const standing = standingRefunds(order);
      const calculation = calculateRefund(order.pricing, standing, wish);
      goodsOf(order, calculation, wish.lines ?? []);
      if (calculation.amount.amount === 0) requireNoneUnderWay(order);
      const { amount, tax, lines, shipping } = calculation;
      return {
        amount,
        tax,
        parts: { lines: lines.map((line) => ({ ...line })), shipping },
        refundable: refundableAmount(order.pricing, [...standing, calculation]),
        isAllowed: isWithinLimit(order, amount.amount, actor),
      };
    },

    /**
     * Asks for money back: by pieces, shipping and amount, or all that is left. Of pieces that are worth nothing, or whose money
     * is back already, none is: they are given up, or put on the shelf, alone. Throws NOT_FOUND, REFUND_NOT_POSSIBLE while
     * nothing was paid or nothing is left, and for such pieces while other money is on its way, PAID_ELSEWHERE,
     * REFUND_EXCEEDS_PAID, REFUND_LIMIT_EXCEEDED, QUANTITY_EXCEEDED, CURRENCY_MISMATCH, INVALID_INPUT.
     */
    async refund({ orderId, reason, ...wish }: RefundInput, actor: RefundActor, intent: Intent) {
      if (!isOneWish(wish)) throw invalidInput('Name lines, shipping or an amount; or all of it by `full` alone');
      const { resultId: refundId } = await lanes.run([orderId], () =>
        records.once(intent, (note) =>
          mongo.transaction(async (tx) => {
            const order = await existing(orderId, tx);
            const made = await request({ order, wish, actor, reason, now: clock() }, tx);
            await orders.save(made.order, tx);
            await outbox.append(tx, [updatedEvent(made.order), ...made.events]);
            await note(made.refund.id, tx);
            return made.refund.id;
          }),
        ),
      );
      return { refundId, order: toAdminOrderDto(await existing(orderId)) };
    },

    /**
     * Asks once more for what a failed refund should have given back; a refund of its own, goods left as they are. Throws
     * NOT_FOUND, REFUND_NOT_POSSIBLE for one that did not fail or was asked for again, REFUND_EXCEEDS_PAID,
     * REFUND_LIMIT_EXCEEDED.
     */
    async retry({ orderId, refundId }: { orderId: string; refundId: string }, actor: RefundActor) {
      await mongo.transaction(async (tx) => {
        const order = await existing(orderId, tx);
        const failed = order.refunds.find(({ id }) => id === refundId);
        if (!failed) throw notFound('refund');
        const { parts, amount, reason } = failed;
        if (!isRetryable(order, failed)) throw new DomainError('REFUND_NOT_POSSIBLE');
        const wanted = { order, actor, reason, now: clock() };
        const made = parts ? await again({ ...wanted, parts, amount }, tx) : await otherAgain(wanted, failed, tx);
        const refunds = made.order.refunds.map((one) =>
          one.id === refundId ? { ...one, retriedAs: made.refund.id } : one,
        );
        await orders.save({ ...made.order, refunds }, tx);
        await outbox.append(tx, [updatedEvent(made.order), ...made.events]);
      });
      return toAdminOrderDto(await existing(orderId));
    },
  };
}

export type OrderRefunds = ReturnType<typeof createOrderRefunds>;

/** All that is left is money: pieces of which none is left are given up by name. Throws REFUND_NOT_POSSIBLE. */
function requireLeft(order: Order, { full }: Omit<RefundWish, 'orderId'>): void {
  if (full === true && refundableOf(order).amount === 0) throw new DomainError('REFUND_NOT_POSSIBLE');
}

/** Pieces that nothing is paid for now could be with a buyer whose money comes back to the shop. Throws REFUND_NOT_POSSIBLE. */
function requireNoneUnderWay(order: Order): void {
  if (isMoneyUnderWay(order)) throw new DomainError('REFUND_NOT_POSSIBLE');
}

/** Throws PAID_ELSEWHERE for an order whose money another system took, REFUND_NOT_POSSIBLE for one that is not paid. */
function requirePaid(order: Order): void {
  if (isPaidElsewhere(order)) throw new DomainError('PAID_ELSEWHERE');
  if (order.status !== 'paid' || order.paymentId === undefined) throw new DomainError('REFUND_NOT_POSSIBLE');
}

/**
 * What a refund of pieces means for the goods. Those that were not sent come first: they go back on sale unless fewer are
 * to be restocked; of sent ones none do unless more are. Throws QUANTITY_EXCEEDED for more than can be put on the shelf.
 */
function goodsOf(
  order: Order,
  { lines }: RefundParts,
  wishes: readonly { readonly lineId: string; readonly restock?: number | undefined }[],
): RefundedGoods[] {
  const progress = new Map(progressOf(order).map((line) => [line.lineId, line]));
  const refunded = new Map<string, number>();
  for (const part of standingRefunds(order).flatMap((standing) => standing.lines)) {
    refunded.set(part.lineId, (refunded.get(part.lineId) ?? 0) + part.quantity);
  }
  return lines.flatMap(({ lineId, quantity }) => {
    const line = progress.get(lineId);
    if (!line || quantity === 0) return [];
    // Given up by a refund that failed since: they went their way then, and are paid back now.
    const given = refunded.get(lineId) ?? 0;
    const givenUp = Math.min(quantity, Math.max(0, line.withdrawn - given));
    const withdrawn = Math.min(quantity - givenUp, line.open);
    const restock = wishes.find((wish) => wish.lineId === lineId)?.restock ?? givenUp + withdrawn;
    const maximum = givenUp + withdrawn + Math.min(quantity - givenUp - withdrawn, line.shipped - line.restocked);
    if (restock > maximum) throw new DomainError('QUANTITY_EXCEEDED', { lineId, maximum });
    const toShelf = Math.max(0, restock - givenUp);
    const released = Math.min(toShelf, withdrawn);
    return [{ lineId, withdrawn, released, restocked: toShelf - released }];
  });
}
