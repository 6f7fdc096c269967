import {
  lineProgress,
  returnablePieces,
  settleFulfillment,
  type LineProgress,
  type Takeback,
} from '@cartwright/domain-orders';
import { allocateRefund, refundableAmount, type RefundParts } from '@cartwright/domain-pricing';
import type { Money } from '@cartwright/domain-money';
import { DomainError, invalidInput } from '@cartwright/domain-errors';
import type { Order } from './order.ts';

/** Pieces of a line. */
export interface Pieces {
  readonly lineId: string;
  readonly quantity: number;
}

/** Where the pieces of each line of an order are. */
export function progressOf(order: Order): LineProgress[] {
  const { fulfillmentStatus, lines, shipments = [], refunds } = order;
  const withdrawn = refunds
    .flatMap(({ goods = [] }) => goods)
    .map(({ lineId, withdrawn: quantity }) => ({ lineId, quantity }));
  return lineProgress({ fulfillmentStatus, lines, shipments, withdrawn, takebacks: takebacksOf(order) });
}

/** The order as far as its pieces have come: delivered or returned with the last of them. */
export function settled(order: Order): Order {
  const { returnRequests: requests = [] } = order;
  return settleFulfillment(order, { lines: progressOf(order), requests, takebacks: takebacksOf(order) });
}

/** What its buyer may ask to send back, by line. */
export function returnableOf(order: Order, when: { now: Date; windowMs: number }) {
  const { shipments = [], returnRequests: requests = [], timeline } = order;
  const arrivedAt = timeline.findLast(({ kind }) => kind === 'order.delivered')?.at;
  const takebacks = takebacksOf(order);
  return returnablePieces({ lines: progressOf(order), shipments, requests, takebacks, arrivedAt }, when);
}

/** What came back of it. An order is written by one at a time, who looks at the clock then: the moments tell the order. */
const takebacksOf = ({ returns = [], refunds }: Pick<Order, 'returns' | 'refunds'>): Takeback[] => [
  ...returns.flatMap(({ at, lines, restocked }) =>
    lines.map(({ lineId, quantity }) => ({ at, lineId, returned: quantity, restocked: restocked ? quantity : 0 })),
  ),
  ...refunds.flatMap(({ at, movedAt = at, goods = [] }) =>
    goods.map(({ lineId, restocked }) => ({ at: movedAt, lineId, returned: 0, restocked })),
  ),
];

/**
 * Whether the arrival of a parcel can be written down: of one that is under way, also once the order counts as delivered. It
 * does so early when a delivered piece came back unasked, which is taken for one that was still to arrive.
 */
export function isParcelUnderWay({ fulfillmentStatus, shipments = [] }: Order): boolean {
  const isUnderWay = shipments.some(({ deliveredAt }) => deliveredAt === undefined);
  if (fulfillmentStatus === 'shipped') return isUnderWay || shipments.length === 0;
  return fulfillmentStatus === 'delivered' && isUnderWay;
}

/** What an order still has to send; as long as it holds stock, this is what it holds. */
export function openPieces(order: Order): Pieces[] {
  return progressOf(order).flatMap(({ lineId, open: quantity }) => (quantity > 0 ? { lineId, quantity } : []));
}

/** Pieces as stock counts them. */
export function variantsOf(order: Order, pieces: readonly Pieces[]): { variantId: string; quantity: number }[] {
  const variants = new Map(order.lines.map(({ lineId, variantId }) => [lineId, variantId]));
  return pieces.flatMap(({ lineId, quantity }) => {
    const variantId = variants.get(lineId);
    return variantId === undefined || quantity === 0 ? [] : { variantId, quantity };
  });
}

/**
 * Checks wanted pieces against what there is of each line. Throws INVALID_INPUT for unknown or repeated lines,
 * QUANTITY_EXCEEDED with what there is.
 */
export function requirePieces(
  order: Order,
  wanted: readonly Pieces[],
  maximumOf: (line: LineProgress) => number,
): readonly Pieces[] {
  if (new Set(wanted.map(({ lineId }) => lineId)).size !== wanted.length) throw invalidInput('A line is named twice');
  const progress = new Map(progressOf(order).map((line) => [line.lineId, line]));
  for (const { lineId, quantity } of wanted) {
    const line = progress.get(lineId);
    if (!line) throw invalidInput('The order has no such line');
    const maximum = maximumOf(line);
    if (quantity > maximum) throw new DomainError('QUANTITY_EXCEEDED', { lineId, maximum });
  }
  return wanted;
}

/**
 * The refunds of the order's payment that went through or may still do so, taken apart as they were when they were written
 * down: credit notes say so too. Of those made elsewhere, which say nothing of lines, only what was not taken apart, as
 * another one stood in the way that failed since, is taken from what all leave; and all of it, should ours need its place.
 */
export function standingRefunds({
  refunds,
  paymentId,
  pricing,
}: Pick<Order, 'refunds' | 'paymentId' | 'pricing'>): RefundParts[] {
  const counted = refunds.filter((refund) => refund.status !== 'failed' && refund.paymentId === paymentId);
  const standing = counted.flatMap(({ origin, parts }) => (origin === undefined && parts ? parts : []));
  const rests: Money[] = [];
  for (const { origin, parts, amount } of counted) {
    if (origin === undefined && parts) continue;
    const given = parts ? amountOf(parts) : 0;
    const isKept = parts !== undefined && given <= amount.amount && isWithin(pricing, [...standing, parts]);
    if (isKept) standing.push(parts);
    rests.push({ ...amount, amount: amount.amount - (isKept ? given : 0) });
  }
  for (const rest of rests) standing.push(allocateRefund(pricing, standing, rest));
  return standing;
}

const amountOf = ({ lines, shipping }: RefundParts): number =>
  lines.reduce((sum, { amount }) => sum + amount.amount, shipping?.amount.amount ?? 0);

/** Whether refunds together take no more of each line and of the shipping than was paid. */
export function isWithin(pricing: Order['pricing'], refunds: readonly RefundParts[]): boolean {
  const shipping = refunds.reduce((sum, refund) => sum + (refund.shipping?.amount.amount ?? 0), 0);
  return (
    shipping <= (pricing.shipping?.total.amount ?? 0) &&
    pricing.lines.every(({ lineId, quantity, total }) => {
      const parts = refunds.flatMap(({ lines }) => lines.filter((line) => line.lineId === lineId));
      return (
        parts.reduce((sum, part) => sum + part.quantity, 0) <= quantity &&
        parts.reduce((sum, part) => sum + part.amount.amount, 0) <= total.amount
      );
    })
  );
}

/** What can still be given back of an order's payment; nothing while there is none in this shop's books. */
export function refundableOf(order: Pick<Order, 'refunds' | 'paymentId' | 'pricing' | 'status' | 'total'>): Money {
  if (order.status !== 'paid' || order.paymentId === undefined) return { amount: 0, currency: order.total.currency };
  return refundableAmount(order.pricing, standingRefunds(order));
}

/**
 * Whether money of the order's payment is going back, of which nobody knows yet if it does: a refund may fail, and a bank
 * may give what a buyer complained of back to the shop.
 */
export function isMoneyUnderWay({ refunds, paymentId }: Pick<Order, 'refunds' | 'paymentId'>): boolean {
  return refunds.some(
    (refund) =>
      refund.paymentId === paymentId &&
      (refund.status === 'requested' || refund.status === 'pending' || refund.waitsFor !== undefined),
  );
}
