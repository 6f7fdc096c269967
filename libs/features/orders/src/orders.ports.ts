import type { Money } from '@cartwright/domain-money';
import type { Settlement } from '@cartwright/domain-orders';
import type { TaxMode } from '@cartwright/domain-pricing';
import type { Tx } from '@cartwright/platform-mongo';
import type { Order } from './order.ts';
import type { PaymentMethod } from './orders.contracts.ts';

/**
 * What orders need of payments. All calls go outside; none is made inside a transaction.
 */
export interface PaymentPort {
  /**
   * Starts, or goes on with, the payment of a pending order: one open page per order, shared by concurrent calls.
   * Without a `url` there is nothing for the buyer to do (cash on delivery; a total of zero, which the port books as
   * paid through `recordPayment`). Throws PAYMENT_PROVIDER_UNAVAILABLE when the provider can't be reached.
   */
  start(request: StartPayment): Promise<{ url?: string | undefined }>;
  /**
   * Makes sure nobody can pay the order any more through a page opened earlier. `closed`: none is open now; `completed`:
   * the buyer was faster, the payment is on its way or processing, so the order must not be canceled as unpaid.
   * Throws PAYMENT_PROVIDER_UNAVAILABLE when the outcome is unknown.
   */
  expireOpenSession(orderId: string): Promise<'closed' | 'completed'>;
}

/** What orders need of the payments' ledger. All calls are part of the caller's transaction, and touch MongoDB alone. */
export interface LedgerPort {
  /**
   * Sets a part of a payment aside to be given back; a job carries it out. Null when there is no such payment, or less than
   * that left of it.
   */
  requestRefund(refund: { paymentId: string; amount: Money }, tx: Tx): Promise<{ readonly id: string } | null>;
  /** Enters the banknotes an order was paid with, once per order. Answers the payment's id. */
  enterCash(payment: { orderId: string; amount: Money; at: Date }, tx: Tx): Promise<string>;
}

export interface StartPayment {
  readonly order: Order;
  /** Where the payment page returns to; already checked against the allowed origins. */
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** A way to ship, for a destination and goods already priced. The amount is displayed as prices are. */
export interface ShippingOption {
  readonly id: string;
  readonly label: string;
  readonly price: Money;
  readonly taxClass: string;
}

export interface PaymentOption {
  readonly id: PaymentMethod;
  readonly label: string;
  readonly settlement: Settlement;
  /** Offered only to buyers who confirmed their e-mail address. */
  readonly needsVerifiedEmail?: boolean;
}

/** The shop's settings as far as checkout needs them. */
export interface ShopSettingsPort {
  readonly currency: string;
  readonly taxMode: TaxMode;
  /** How long stock and coupon stay with an unpaid prepaid order. */
  readonly stockHoldSeconds: number;
  /** After how long such an order is canceled. */
  readonly orderExpirySeconds: number;
  /** How long after its arrival the return of a piece can be asked for. */
  readonly returnWindowSeconds: number;
  /** Most pending orders a customer, or a guest's e-mail, may have at a time. */
  readonly maximumPendingOrders: number;
  /** Most pending orders that guests of one network may have at a time. */
  readonly maximumPendingPerNetwork: number;
  /** Origins a payment page may return to. */
  readonly allowedReturnUrls: readonly string[];
  /** Where the payment page returns to when the client names nothing; `{orderId}` and `{number}` are replaced. */
  readonly defaultSuccessUrl: string;
  readonly defaultCancelUrl: string;
  /** Ways to ship to a country, cheapest first; empty where the shop does not ship. */
  shippingOptions(destination: { country: string; subtotal: Money }): readonly ShippingOption[];
  /** Ways to pay a total. */
  paymentOptions(order: { total: Money; country: string }): readonly PaymentOption[];
  /** Rates in basis points by tax class for a destination; the shop's own for classes that have none there. */
  taxRates(country: string): Readonly<Record<string, number>>;
}

/** The settings as they are now: a snapshot to work with from beginning to end of a call. At most a second old. */
export interface ShopSettingsSource {
  current(): Promise<ShopSettingsPort>;
}

/** Who buys. Orders carry the address at which the buyer was known when placing. */
export interface BuyerPort {
  byId(userId: string): Promise<{ email: string; name: string; emailVerified: boolean } | null>;
  /** Whether they are excluded from the shop at this moment. */
  isBanned(userId: string): Promise<boolean>;
}

/** Counts those who ask for links, so that nobody is flooded with mail and numbers can't be tried. */
export interface LookupLimitPort {
  /** Throws RATE_LIMITED beyond what an address, or a network, may ask for. */
  consume(email: string, ip: string): Promise<void>;
}

/** Random bytes, for order numbers. */
export type RandomBytes = (length: number) => Uint8Array;
