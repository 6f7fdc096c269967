import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { DocumentKind, Invoice } from './invoice.ts';
import type { InvoiceDoc, InvoiceModels, RequestDoc } from './invoice.model.ts';

/** Reads and writes invoices and credit notes, their numbers and what calls for them. */
export function createInvoiceRepository({ invoices, counters, requests }: InvoiceModels) {
  return {
    async byId(id: string): Promise<Invoice | null> {
      const doc = await invoices.findById(id).lean<InvoiceDoc>();
      return doc && toInvoice(doc);
    },
    /** All of some orders, in the order in which they were issued. */
    async ofOrders(orderIds: readonly string[], tx?: Tx): Promise<Invoice[]> {
      const docs = await invoices
        .find({ orderId: { $in: [...orderIds] } })
        .sort({ _id: 1 })
        .session(sessionOf(tx) ?? null)
        .lean<InvoiceDoc[]>();
      return docs.map(toInvoice);
    },
    /**
     * Takes the next number of a kind. Of two transactions that do, the second starts over; a number whose transaction is
     * rolled back is taken by the next one.
     */
    async takeNumber(kind: DocumentKind, tx: Tx): Promise<number> {
      const options = { ...sessionOption(tx), upsert: true, returnDocument: 'after' } as const;
      const counter = await counters.findOneAndUpdate({ _id: kind }, { $inc: { taken: 1 } }, options).lean();
      if (!counter) throw new Error(`No number of ${kind} was taken`);
      return counter.taken;
    },
    async insert({ id, ...invoice }: Invoice, tx: Tx): Promise<void> {
      await invoices.insertMany([{ _id: id, ...invoice }], sessionOption(tx));
    },

    /** Notes that somebody has to look at an order. */
    async ask(orderId: string, at: Date, tx: Tx): Promise<void> {
      const change = { $inc: { asked: 1 }, $set: { askedAt: at } };
      await requests.updateOne({ _id: orderId }, change, { ...sessionOption(tx), upsert: true });
    },
    async settle(orderId: string, tx: Tx): Promise<void> {
      await requests.deleteOne({ _id: orderId }, sessionOption(tx));
    },
    /** Orders that wait to be looked at, the longest first. */
    async waiting(limit: number): Promise<string[]> {
      const docs = await requests.find().sort({ askedAt: 1 }).limit(limit).lean<RequestDoc[]>();
      return docs.map(({ _id }) => _id);
    },
  };
}

export type InvoiceRepository = ReturnType<typeof createInvoiceRepository>;

function toInvoice({ _id, ...rest }: InvoiceDoc): Invoice {
  return { id: _id, ...rest };
}
