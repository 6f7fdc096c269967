export interface OrderedLine {
  /** Index among the products of the round. */
  readonly product: number;
  readonly quantity: number;
}

/** What a person does. `clicks` are calls with one intent at the same moment, each at another instance. */
export type Step =
  | { readonly do: 'pause'; readonly ms: number }
  | {
      readonly do: 'place';
      readonly lines: readonly OrderedLine[];
      readonly paymentMethod: 'stripe_checkout' | 'cash_on_delivery';
      readonly coupon: boolean;
      readonly clicks: number;
      /** Pages with the same quote, each of which asks under a key of its own. */
      readonly tabs: number;
      /** The cart is changed in the moment of the clicks. */
      readonly rival: boolean;
      /** As if the answer had been lost: the same call once more, milliseconds after it came. */
      readonly againAfterMs?: number;
    }
  | { readonly do: 'pay'; readonly how: PayHow; readonly alteration: Alteration; readonly clicks: number }
  | { readonly do: 'cancel'; readonly clicks: number }
  /** Staff cancel it, paid or not: what a bank still brings goes back. */
  | { readonly do: 'shop-cancels'; readonly clicks: number }
  /** Staff give money back once it has come, each wish at the same moment; or cancel the paid order. */
  | {
      readonly do: 'refund';
      readonly wishes: readonly RefundWish[];
      readonly clicks: number;
      readonly silence?: Silence;
      readonly bounce?: Bounce;
    }
  /** The buyer complains to their bank, and what staff give back at that moment is no more than a part. */
  | {
      readonly do: 'dispute';
      readonly outcome: 'won' | 'lost';
      readonly closedAfterMs: number;
      readonly wishes: readonly RefundWish[];
    }
  /** Staff deal with money that was set aside, each at the same moment. */
  | { readonly do: 'resolve'; readonly actions: readonly ('refund' | 'settled')[] }
  /**
   * Staff send the order once it may be sent: each parcel all that is open, or one piece, and beside them money may go back.
   * Then it arrives, or comes back.
   */
  | {
      readonly do: 'send';
      readonly parcels: readonly ('all' | 'piece')[];
      readonly beside?: RefundWish;
      readonly clicks: number;
      readonly arrival: 'none' | 'delivered' | 'refused';
    }
  /** The clock of the hold, or of the order, runs out at this moment. */
  | { readonly do: 'hold-ends' }
  | { readonly do: 'expires' }
  | { readonly do: 'after'; readonly ms: number; readonly step: Step }
  | { readonly do: 'together'; readonly steps: readonly Step[] };

/** `share` of the total in basis points, or one piece of the first line. */
export type RefundWish =
  | { readonly what: 'all' }
  | { readonly what: 'cancel' }
  | { readonly what: 'amount'; readonly share: number }
  | { readonly what: 'piece'; readonly restock: boolean };

/** A refund that went through comes back from the bank, and so many of the staff ask for it again, beside another wish. */
export interface Bounce {
  readonly retries: number;
  readonly beside?: RefundWish;
}

/**
 * The provider gives the money back and doesn't say so: the answers of so many calls are lost, or kept as failures, and its
 * webhooks come only once the shop knows by itself.
 */
export interface Silence {
  readonly kind: 'disconnect' | 'http_500' | 'kept_500';
  /** The official SDK tries a call three times. */
  readonly times: number;
}

/**
 * `bank-given-up`: staff cancel the order while the bank takes its time, and it pays all the same.
 * `unheard`: nothing is told of the payment, and a clock of the order runs out.
 * `altered`: the payment page asks for another sum than the order's. `altered-late`: it says so once the right one was paid.
 * `altered-first`: then the shop hears that before anything else.
 */
export type PayHow =
  | 'card'
  | 'declined-first'
  | 'bank-succeeds'
  | 'bank-fails'
  | 'bank-given-up'
  | 'unheard'
  | 'altered'
  | 'altered-late'
  | 'altered-first';

/** What an altered page says: a cent, a cent too much, or as much of another currency. */
export type Alteration = 'cent' | 'more' | 'euros';

/** What a coupon takes off. */
export type Discount =
  | { readonly kind: 'percentage'; readonly basisPoints: number }
  | { readonly kind: 'fixed'; readonly amount: number }
  | { readonly kind: 'free_shipping' };

/** What goes wrong around the shop, `at` milliseconds after the round began. */
export type Fault = { readonly at: number } & (
  | {
      readonly what: 'provider';
      readonly when: 'before' | 'after';
      readonly kind: 'disconnect' | 'http_500' | 'delay';
      readonly match: string;
      /** Calls in a row: a few are more than the official SDK tries by itself. */
      readonly times: number;
    }
  | { readonly what: 'webhooks'; readonly how: 'late' | 'shuffled' | 'repeated' }
  | { readonly what: 'database'; readonly how: 'conflict' | 'lost-answer' }
  /** Redis loses the keys of intents: what repeats a call finds the effect's own record, or does it twice. */
  | { readonly what: 'forgotten-keys' }
  /** The shop is changed under the hands of those who buy: a price, what is on the shelf, a coupon that is off for a while. */
  | { readonly what: 'price'; readonly product: number; readonly price: number }
  | { readonly what: 'recount'; readonly product: number; readonly delta: number }
  | { readonly what: 'coupon-off'; readonly ms: number }
  | { readonly what: 'kill'; readonly host: 'api' | 'worker' }
);

/** One who buys; a guest orders under an address, which may be that of another, too. */
export interface Buyer {
  readonly guest?: number;
  readonly steps: readonly Step[];
}

/** One round: everything that a seed decides. */
export interface Schedule {
  readonly kind: 'crowd' | 'bargain' | 'duel' | 'mixed';
  readonly products: readonly { readonly price: number; readonly stock: number }[];
  readonly coupon: { readonly totalLimit: number; readonly perCustomerLimit: number; readonly discount: Discount };
  readonly buyers: readonly Buyer[];
  readonly faults: readonly Fault[];
}
