import { idSchema, moneySchema } from '@cartwright/api-core';
import { z } from 'zod';

export const invoiceInput = z.strictObject({ orderId: idSchema });

/** A document beside the invoice. Without a `url` its file is being made; once all is `ready`, this shop makes none. */
export const orderDocumentSchema = z.object({
  number: z.string(),
  /** The number of the document that it corrects. */
  corrects: z.string().optional(),
  total: moneySchema,
  issuedAt: z.date(),
  url: z.string().optional(),
});

/**
 * An order's documents. `none`: there is nothing to bill yet. `pending`: some document is being issued or printed; ask
 * again in a second. `ready`: all of them are there. Addresses are good for `urlSeconds`; a shop without a place for files gives none.
 */
export const orderInvoiceOutput = z.object({
  status: z.enum(['none', 'pending', 'ready']),
  number: z.string().optional(),
  issuedAt: z.date().optional(),
  total: moneySchema.optional(),
  url: z.string().optional(),
  urlSeconds: z.number().int(),
  creditNotes: z.array(orderDocumentSchema),
  /** Invoices over money that a credit note had given back and that came in again. */
  corrections: z.array(orderDocumentSchema),
});

export type OrderDocumentDto = z.infer<typeof orderDocumentSchema>;
export type OrderInvoiceDto = z.infer<typeof orderInvoiceOutput>;
