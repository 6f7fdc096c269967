import { sessionOf, type Tx } from '@cartwright/platform-mongo';
import { dueDocuments } from './due-documents.ts';
import { documentNumber, type DocumentKind } from './invoice.ts';
import type { InvoiceModels, RequestDoc } from './invoice.model.ts';
import { createInvoiceRepository } from './invoice-repository.ts';

/** The numbers of a kind, as they were taken and as they stand on documents. */
export interface NumberSeries {
  readonly kind: DocumentKind;
  readonly taken: number;
  readonly issued: number;
  /** The highest on a document; zero without one. */
  readonly last: number;
  /** The first that is on no document, in full. */
  readonly missing?: string | undefined;
}

/** What was issued, and what should have been, for whoever checks the books; changes nothing. */
export function createInvoiceInspection(models: InvoiceModels) {
  const { invoices, counters, requests } = models;
  const { ofOrders } = createInvoiceRepository(models);

  async function firstMissing(kind: DocumentKind, upTo: number, tx?: Tx): Promise<string | undefined> {
    const isWhole = async (sequence: number): Promise<boolean> => {
      const upToHere = { kind, sequence: { $lte: sequence } };
      return (await invoices.countDocuments(upToHere).session(sessionOf(tx) ?? null)) === sequence;
    };
    if (await isWhole(upTo)) return undefined;
    let [whole, broken] = [0, upTo];
    while (broken - whole > 1) {
      const middle = Math.floor((whole + broken) / 2);
      if (await isWhole(middle)) whole = middle;
      else broken = middle;
    }
    return documentNumber(kind, broken);
  }

  return {
    dueDocuments,
    ofOrders,
    /** Of these orders, those that wait to be looked at, with the moment at which that was last asked for. */
    async waiting(orderIds: readonly string[], tx?: Tx): Promise<Map<string, Date>> {
      const docs = await requests
        .find({ _id: { $in: [...orderIds] } })
        .session(sessionOf(tx) ?? null)
        .lean<RequestDoc[]>();
      return new Map(docs.map(({ _id, askedAt }) => [_id, askedAt]));
    },
    /** Reads a few figures, however many documents there are. */
    async series(kind: DocumentKind, tx?: Tx): Promise<NumberSeries> {
      const session = sessionOf(tx) ?? null;
      const counter = await counters.findById(kind).session(session).lean<{ taken: number }>();
      const issued = await invoices.countDocuments({ kind }).session(session);
      const newest = await invoices
        .findOne({ kind })
        .sort({ sequence: -1 })
        .session(session)
        .lean<{ sequence: number }>();
      const [taken, last] = [counter?.taken ?? 0, newest?.sequence ?? 0];
      const missing = await firstMissing(kind, Math.max(taken, last), tx);
      return { kind, taken, issued, last, ...(missing === undefined ? {} : { missing }) };
    },
  };
}

export type InvoiceInspection = ReturnType<typeof createInvoiceInspection>;
