import { DomainError } from '@cartwright/domain-errors';
import type { Money } from '@cartwright/domain-money';
import type { PaymentMethod, RefundWaitsFor, StartPayment } from '@cartwright/feature-orders';
import type { Tx } from '@cartwright/platform-mongo';
import type { PaymentProvider, Refund, RefundStatus } from './payment.ts';

/** News from a provider, as it was stored when it came in. */
export interface ProviderEvent {
  readonly id: string;
  /** The body as it was signed. */
  readonly body: string;
}

/** applied: understood (nothing may have changed all the same). unmatched: about something we don't know of (yet). */
export type EventResult = 'applied' | 'unmatched';

export interface RefundResult {
  readonly status: Exclude<RefundStatus, 'requested'>;
  /** `buyer` of a pending one about which the provider asks the buyer something. */
  readonly waitsFor?: Extract<RefundWaitsFor, 'buyer'> | undefined;
  readonly providerRefundId?: string | undefined;
  readonly problem?: string | undefined;
}

/** The provider knows nothing of a refund that it has given an id: what became of the money, nobody can tell. */
export class RefundUnknownError extends Error {
  override readonly name = 'RefundUnknownError';
}

/** What a provider answers of a refund. */
export interface RefundAnswer extends RefundResult {
  /** When it was so, or when the provider was asked for it: not after that. */
  readonly at: Date;
}

/** A refund as its provider tells of it. */
export interface RefundNews extends RefundResult {
  readonly providerRefundId: string;
  /** When it was so, as the provider says. */
  readonly at: Date;
  /** Ours, when we asked for it. */
  readonly refundId?: string | undefined;
  /** The provider's id of the payment it belongs to. */
  readonly paymentReference: string | null;
  readonly amount: Money;
  /** Whether it is a dispute: taken by the buyer's bank, not given back by us. */
  readonly isDispute?: boolean | undefined;
}

/** Money in the books of a provider: it came in, went back, or was taken by a bank. */
export interface BookEntry {
  readonly kind: 'payment' | 'refund' | 'dispute';
  /** The provider's id of it. */
  readonly reference: string;
  /** The provider's id of the payment that went back; a payment's own. */
  readonly paymentReference: string | null;
  /** Null when it is no amount of ours. */
  readonly amount: Money | null;
  readonly status: 'pending' | 'succeeded' | 'failed';
  /** The order and the refund of ours that it says it is about. */
  readonly orderId?: string | undefined;
  readonly refundId?: string | undefined;
}

/** What a provider has in its own books, to compare ours with. */
export interface ProviderBooks {
  /** What was begun from `from` on and before `to`, by kind and the newest first, read as it is consumed. */
  entries(period: { readonly from: Date; readonly to: Date }): AsyncIterable<BookEntry>;
  /** The disputes among them: they may go on for longer than anything else. */
  disputes(period: { readonly from: Date; readonly to: Date }): AsyncIterable<BookEntry>;
  /** One of them as it is now; null when there is none. */
  entry(kind: BookEntry['kind'], reference: string): Promise<BookEntry | null>;
}

/** A way to pay. A further one is a folder with one of these and its registration in the composition. */
export interface PaymentStrategy {
  readonly method: PaymentMethod;
  readonly provider: PaymentProvider;
  /** Starts or goes on with a payment; a `url` is where the buyer pays. Concurrent calls share one. */
  start(request: StartPayment): Promise<{ url?: string | undefined }>;
  /** Applies a provider's event inside the transaction that records that it was applied. */
  handleEvent(event: ProviderEvent, tx: Tx): Promise<EventResult>;
  /**
   * Gives money back, or asks what became of it where that was begun; repeated for the same refund, it happens once.
   * Throws while the outcome is unknown; RefundUnknownError when the provider has no such refund.
   */
  refund(refund: Refund): Promise<RefundAnswer>;
  /** Makes sure that nobody can pay any more; see `PaymentPort.expireOpenSession`. */
  cancel(orderId: string): Promise<'closed' | 'completed'>;
  /** Absent where nobody keeps books but the shop. */
  readonly books?: ProviderBooks | undefined;
}

/** The strategies by method and provider. Throws PAYMENT_METHOD_UNAVAILABLE for one that isn't registered. */
export function createStrategyRegistry(strategies: readonly PaymentStrategy[]) {
  const byMethod = new Map(strategies.map((strategy) => [strategy.method, strategy]));
  if (byMethod.size !== strategies.length) throw new Error('Two payment strategies serve the same method.');
  return {
    of(method: PaymentMethod): PaymentStrategy {
      const strategy = byMethod.get(method);
      if (!strategy) throw new DomainError('PAYMENT_METHOD_UNAVAILABLE');
      return strategy;
    },
    ofProvider(provider: PaymentProvider): PaymentStrategy {
      const strategy = strategies.find((candidate) => candidate.provider === provider);
      if (!strategy) throw new DomainError('PAYMENT_METHOD_UNAVAILABLE');
      return strategy;
    },
    all: (): readonly PaymentStrategy[] => strategies,
  };
}

export type StrategyRegistry = ReturnType<typeof createStrategyRegistry>;
