import type { Printer } from '@cartwright/platform-documents';
import type { Queues } from '@cartwright/platform-queue';
import { PRIVATE_PREFIX, type ObjectStore } from '@cartwright/platform-s3';
import type { Invoice } from './invoice.ts';
import { toPrinted } from './invoice-print.ts';
import type { InvoiceRepository } from './invoice-repository.ts';
import { printInvoice } from './invoices.jobs.ts';

/** For so long whoever has an address reads the file. */
export const ADDRESS_SECONDS = 300;

/** Where the file of a document is: made of our ids alone. */
const keyOf = (invoiceId: string): string => `${PRIVATE_PREFIX}invoices/${invoiceId}.pdf`;

/** The files of documents: made by a job, read by those who are given an address. */
export function createInvoiceFiles({
  invoices,
  store,
  printer,
  queues,
  timezone,
}: {
  invoices: Pick<InvoiceRepository, 'byId'>;
  store: Pick<ObjectStore, 'head' | 'put' | 'presignGet'>;
  printer: Printer;
  queues: Pick<Queues, 'enqueue'>;
  timezone: string;
}) {
  return {
    /** Makes the file of a document, unless it is there: what somebody may have read is never written anew. */
    async print(invoiceId: string): Promise<void> {
      const invoice = await invoices.byId(invoiceId);
      if (!invoice || (await store.head(keyOf(invoiceId)))) return;
      const body = await printer.print(toPrinted(invoice, { timezone }));
      await store.put({ key: keyOf(invoiceId), body, contentType: 'application/pdf' });
    },

    /**
     * An address that downloads a document, for five minutes. Undefined while its file is not there; it is made then, also
     * when it was there and got lost. Throws SERVICE_UNAVAILABLE while the store is away.
     */
    async addressOf({ id: invoiceId, number }: Pick<Invoice, 'id' | 'number'>): Promise<string | undefined> {
      if ((await store.head(keyOf(invoiceId))) === null) {
        await queues.enqueue(printInvoice, { invoiceId });
        return undefined;
      }
      const file = { key: keyOf(invoiceId), filename: `${number}.pdf`, expiresInSeconds: ADDRESS_SECONDS };
      return store.presignGet(file);
    },
  };
}

export type InvoiceFiles = ReturnType<typeof createInvoiceFiles>;
