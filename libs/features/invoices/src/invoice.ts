import type { AddressDto } from '@cartwright/api-core';
import type { TaxMode } from '@cartwright/domain-pricing';

/**
 * What a document does: an invoice asks for money, or for money that a credit note gave back by mistake; a credit note takes
 * an invoice back, wholly or in part.
 */
export const DOCUMENT_KINDS = ['invoice', 'credit_note'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** A line of a document. Amounts in minor units of its currency. */
export interface DocumentLine {
  readonly title: string;
  /** More about it: article number, options. */
  readonly detail?: string | undefined;
  /** Zero for an amount that is about no pieces. */
  readonly quantity: number;
  /** As displayed in the shop; absent where only an amount is known. */
  readonly unitPrice?: number | undefined;
  readonly discount: number;
  readonly taxBasisPoints: number;
  /** Contained in the total. */
  readonly tax: number;
  readonly total: number;
}

/** What a document is about, before it has a number. */
export interface DocumentContent {
  readonly kind: DocumentKind;
  /** What called for it: the order, a refund. Of a kind, nothing calls for two. */
  readonly source: string;
  /** The source of the document that it corrects. */
  readonly corrects?: string | undefined;
  /** Why it was issued, for the reader; of an invoice for goods absent. */
  readonly reason?: string | undefined;
  readonly lines: readonly DocumentLine[];
  /** What the lines sum to. */
  readonly total: number;
  readonly currency: string;
  /** When the money moved; absent while it has not. */
  readonly paidAt?: Date | undefined;
}

/** Who sells, as documents have to say it. */
export interface Seller {
  readonly name: string;
  readonly address: readonly string[];
  readonly taxId?: string | undefined;
}

/** An invoice or a credit note: everything that is printed, as it was when it was issued. Never changed. */
export interface Invoice extends Omit<DocumentContent, 'corrects'> {
  readonly id: string;
  /** Counts up by one within a kind, from one, without a gap. */
  readonly sequence: number;
  readonly number: string;
  readonly issuedAt: Date;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly orderedAt: Date;
  /** The number of the document that it corrects. */
  readonly corrects?: string | undefined;
  readonly seller: Seller;
  readonly buyer: { readonly email: string; readonly address: AddressDto };
  readonly taxMode: TaxMode;
  readonly isCash: boolean;
}

const PREFIXES: Readonly<Record<DocumentKind, string>> = { invoice: 'INV', credit_note: 'CN' };
const DIGITS = 6;

/** The number of the n-th document of a kind: `INV-000012`. Longer ones are just longer. */
export const documentNumber = (kind: DocumentKind, sequence: number): string =>
  `${PREFIXES[kind]}-${String(sequence).padStart(DIGITS, '0')}`;
