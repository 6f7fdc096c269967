import type { Coupon } from '@cartwright/domain-coupons';
import type { AskedReturn, LedgerEntry, OrderState } from '@cartwright/domain-orders';
import type { Pricing, RefundParts } from '@cartwright/domain-pricing';
import type { AddressDto } from '@cartwright/api-core';
import type { PaymentMethod } from './orders.contracts.ts';

/** A line as it was sold; a snapshot, whatever becomes of the product. Its price stands in the pricing. */
export interface OrderLine {
  readonly lineId: string;
  readonly variantId: string;
  readonly quantity: number;
  readonly taxClass: string;
  readonly product: {
    readonly id: string;
    readonly slug: string;
    readonly title: string;
    readonly image: string | null;
    readonly sku: string;
    readonly options: Readonly<Record<string, string>>;
  };
}

export interface TimelineEntry {
  readonly at: Date;
  readonly kind: string;
  readonly by: 'customer' | 'staff' | 'system';
  readonly text: string;
  /** The member of staff. */
  readonly actorId?: string | undefined;
  /** For staff alone: a reason, a note. An entry that is nothing but a note is not shown to the buyer. */
  readonly detail?: string | undefined;
}

/** The kind of timeline entries that only staff see. */
export const NOTE_ENTRY = 'order.note';

interface LinePieces {
  readonly lineId: string;
  readonly quantity: number;
}

/** A parcel. */
export interface Shipment {
  readonly id: string;
  readonly at: Date;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly lines: readonly LinePieces[];
  readonly deliveredAt?: Date | undefined;
}

/** Pieces that came back; `restocked` when they went back on the shelf. */
export interface OrderReturn {
  readonly id: string;
  readonly at: Date;
  readonly lines: readonly LinePieces[];
  readonly restocked: boolean;
}

/** Pieces that a buyer asked to send back. */
export interface ReturnRequest {
  readonly id: string;
  readonly at: Date;
  readonly lines: readonly LinePieces[];
  /** Why, as the buyer wrote it. */
  readonly reason: string;
  readonly status: AskedReturn['status'];
  readonly answeredAt?: Date | undefined;
  /** What the shop wrote to the buyer. */
  readonly answer?: string | undefined;
  /** The member of staff who answered. */
  readonly actorId?: string | undefined;
}

/** Whether a return that was asked for waits for the shop's answer. */
export const isReturnAsked = ({ returnRequests = [] }: Pick<Order, 'returnRequests'>): boolean =>
  returnRequests.some(({ status }) => status === 'asked');

/** The coupon as it was when the order was placed. */
export interface OrderCoupon {
  readonly couponId: string;
  readonly code: string;
  readonly discount: Coupon['discount'];
}

/**
 * Whether stock and coupon use are set aside: held, given back when the hold ended (or the order was canceled), or
 * missing because money came in after the hold and the pieces were gone.
 */
export type HoldState = 'held' | 'released' | 'missing';

export type RefundOrigin = 'provider' | 'dispute';

/**
 * Whom the money of a refund waits for that did not stay with the buyer: for the buyer, whom the payment provider asks where to
 * send it, or for a bank, on its way anew. Until then it counts as it did: the shop does not have it either.
 */
export type RefundWaitsFor = 'buyer' | 'bank';

export interface OrderRefund {
  readonly id: string;
  /** The capture it gives back; unknown for imported orders. */
  readonly paymentId?: string | undefined;
  readonly amount: { readonly amount: number; readonly currency: string };
  readonly status: 'requested' | LedgerEntry['status'];
  readonly waitsFor?: RefundWaitsFor | undefined;
  readonly at: Date;
  /** When its goods were given up and put on the shelf; `at` goes on with its money. */
  readonly movedAt?: Date | undefined;
  /** What it gives back; absent for imported orders, and for money the order had no need of. */
  readonly parts?: RefundParts | undefined;
  /** Pieces it gave up before they were sent, and those it put back on the shelf, by line. */
  readonly goods?: readonly RefundedGoods[] | undefined;
  /** Where it was made when not here: at the payment provider, or by a bank that the buyer complained to. */
  readonly origin?: RefundOrigin | undefined;
  /** Why, as staff wrote it; for staff. */
  readonly reason?: string | undefined;
  /** Who asked for it. */
  readonly actorId?: string | undefined;
  /** When it had gone through, of one that came back since: banks refuse money, too. */
  readonly wentThroughAt?: Date | undefined;
  /** The refund that was made in the place of this one, which failed. */
  readonly retriedAs?: string | undefined;
}

export interface RefundedGoods {
  readonly lineId: string;
  /** Not sent any more. */
  readonly withdrawn: number;
  /** Of those, the ones that can be sold again. */
  readonly released: number;
  /** Sent ones that went back on the shelf. */
  readonly restocked: number;
}

/** How a guest's order is opened, as long as no account has claimed it. */
export interface GuestAccess {
  /** What its first token is derived from: mails of the order carry that one. */
  readonly seed: string;
  /** Hashes of the tokens that open it, the oldest first. */
  readonly tokenHashes: readonly string[];
  /** The network it was placed from, as a keyed hash; bounds how many of them wait for money. */
  readonly network: string;
}

/** An order of the shop. Addresses, prices, tax rates and the coupon are frozen at placement. */
export interface Order extends OrderState {
  readonly id: string;
  readonly number: string;
  /** Counts up with every change; saved only over the version that was read. */
  readonly version: number;
  /** An account's id, `REMOVED_BUYER`, or what `guestBuyerOf` says. */
  readonly userId: string;
  readonly guest?: GuestAccess | undefined;
  readonly email: string;
  readonly cartId: string;
  readonly lines: readonly OrderLine[];
  readonly pricing: Pricing;
  readonly coupon?: OrderCoupon | undefined;
  readonly shippingAddress: AddressDto;
  readonly billingAddress: AddressDto;
  readonly shippingMethod: { readonly id: string; readonly label: string };
  readonly paymentMethod: PaymentMethod;
  readonly note?: string | undefined;
  readonly hold: HoldState;
  /** How often stock was set aside; part of the movements' source, so that each hold moves stock once. */
  readonly holdCount: number;
  /** When staff ended its review; as long as the ban lasts it is not held again. */
  readonly reviewedAt?: Date | undefined;
  /** The capture it was paid with. */
  readonly paymentId?: string | undefined;
  readonly timeline: readonly TimelineEntry[];
  readonly refunds: readonly OrderRefund[];
  readonly shipments?: readonly Shipment[] | undefined;
  readonly returns?: readonly OrderReturn[] | undefined;
  readonly returnRequests?: readonly ReturnRequest[] | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The name under which stock movements and redemptions of an order's current hold are recorded. */
export function holdSource(order: Pick<Order, 'id' | 'holdCount'>): string {
  return order.holdCount <= 1 ? order.id : `${order.id}/${order.holdCount}`;
}

/** Stands for the buyer of orders whose account was removed; no account has this id. */
export const REMOVED_BUYER = 'removed';

const GUEST = 'guest-';

/** Stands for the buyer of a guest's order, of this one alone; no account has such an id. */
export const guestBuyerOf = (orderId: string): string => `${GUEST}${orderId}`;

export const isGuestBuyer = (userId: string): boolean => userId.startsWith(GUEST);

/** Whether an account stands behind the buyer of an order. */
export const hasAccount = (userId: string): boolean => userId !== REMOVED_BUYER && !isGuestBuyer(userId);
