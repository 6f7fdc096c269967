import type Stripe from 'stripe';
import type { OrderRow, ShopDatabase } from '../database.ts';
import type { Intention } from './stage.ts';
import type { Schedule } from './steps.ts';

interface Amount {
  readonly amount: number;
}

/** What a price says of itself, quoted or ordered. */
export interface Priced {
  readonly total: Amount;
  readonly lines: readonly { readonly lineId: string; readonly total: Amount; readonly discount: Amount }[];
  readonly shipping: { readonly total: Amount; readonly discount: Amount } | null;
  readonly steps: readonly { readonly kind: string; readonly amount: Amount }[];
}

export interface Pieces {
  readonly lineId: string;
  readonly quantity: number;
}

export interface RacedOrder extends OrderRow {
  paymentId?: string;
  createdAt: Date;
  guest?: object;
  refunds: {
    id: string;
    paymentId?: string;
    status: string;
    reason?: string;
    retriedAs?: string;
    wentThroughAt?: Date;
    amount: Amount;
    goods?: { lineId: string; withdrawn: number; released: number; restocked: number }[];
  }[];
  shipments?: { id: string; trackingNumber: string; lines: Pieces[] }[];
  returns?: { lines: Pieces[]; restocked: boolean }[];
  pricing: Priced;
  timeline: { kind: string }[];
}

/** A round that is over, and what to look at. */
export interface Raced {
  readonly database: ShopDatabase;
  readonly stripe: Stripe;
  readonly schedule: Schedule;
  /** What finds the orders of those who bought. */
  readonly bought: Readonly<Record<string, unknown>>;
  readonly since: Date;
  /** When the last order of the round had been placed. */
  readonly until: Date;
  readonly variants: readonly string[];
  readonly couponId: string;
  readonly intentions: readonly Intention[];
}

export const sumOf = <T>(list: readonly T[], amount: (item: T) => number): number =>
  list.reduce((sum, item) => sum + amount(item), 0);
