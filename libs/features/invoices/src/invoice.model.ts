import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { DocumentKind, Invoice } from './invoice.ts';

export type InvoiceDoc = Omit<Invoice, 'id'> & { _id: string };

/** The last number taken of a kind. Written in the transaction that writes the document, so that no number is lost. */
export interface CounterDoc {
  _id: DocumentKind;
  taken: number;
}

/** An order of which something happened that may call for a document; gone once somebody has looked. */
export interface RequestDoc {
  /** The order's id. */
  _id: string;
  /** Counts up, so that whoever looks at the moment it is written looks again. */
  asked: number;
  askedAt: Date;
}

export interface InvoiceModels {
  invoices: Model<InvoiceDoc>;
  counters: Model<CounterDoc>;
  requests: Model<RequestDoc>;
}

const required = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const date = { type: Date, required: true } as const;
const snapshot = { type: Schema.Types.Mixed, required: true } as const;

const invoiceSchema = new Schema<InvoiceDoc>(
  {
    _id: required,
    kind: required,
    source: required,
    sequence: number,
    number: required,
    issuedAt: date,
    orderId: required,
    orderNumber: required,
    orderedAt: date,
    corrects: String,
    reason: String,
    seller: snapshot,
    buyer: snapshot,
    lines: snapshot,
    total: number,
    currency: required,
    taxMode: required,
    isCash: { type: Boolean, required: true },
    paidAt: Date,
  },
  { ...schemaOptions, collection: 'invoices' },
);
invoiceSchema.index({ number: 1 }, { unique: true });
invoiceSchema.index({ kind: 1, sequence: 1 }, { unique: true });
// Whatever is delivered how often, and by how many at once: one document of a kind for each thing that calls for it.
invoiceSchema.index({ kind: 1, source: 1 }, { unique: true });
invoiceSchema.index({ orderId: 1, _id: 1 });

const counterSchema = new Schema<CounterDoc>(
  { _id: required, taken: number },
  { ...schemaOptions, collection: 'invoice_counters' },
);

const requestSchema = new Schema<RequestDoc>(
  { _id: required, asked: number, askedAt: date },
  { ...schemaOptions, collection: 'invoice_requests' },
);
requestSchema.index({ askedAt: 1 });

/** Binds the collections of documents, their numbers and what calls for them to a connection. */
export const createInvoiceModels = (connection: Connection): InvoiceModels => ({
  invoices: connection.model<InvoiceDoc>('Invoice', invoiceSchema),
  counters: connection.model<CounterDoc>('InvoiceCounter', counterSchema),
  requests: connection.model<RequestDoc>('InvoiceRequest', requestSchema),
});
