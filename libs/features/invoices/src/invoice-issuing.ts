import type { Logger } from '@cartwright/platform-logger';
import { afterCommit, newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Queues } from '@cartwright/platform-queue';
import type { Order } from '@cartwright/feature-orders';
import { dueDocuments } from './due-documents.ts';
import { documentNumber, type DocumentContent, type Invoice, type Seller } from './invoice.ts';
import type { InvoiceRepository } from './invoice-repository.ts';
import { issueInvoices, printInvoice } from './invoices.jobs.ts';
import type { BilledOrders } from './invoices.ports.ts';

const BATCH = 500;

/** Issuing invoices and credit notes: each once, under a number without a gap before it. */
export function createInvoiceIssuing({
  mongo,
  invoices,
  orders,
  queues,
  seller,
  isPrinting,
  logger,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  invoices: Pick<InvoiceRepository, 'ofOrders' | 'takeNumber' | 'insert' | 'ask' | 'settle' | 'waiting'>;
  orders: Pick<BilledOrders, 'byId'>;
  queues: Pick<Queues, 'enqueue'>;
  seller: Seller;
  /** Whether there is a place for files; without one none are made. */
  isPrinting: boolean;
  logger: Pick<Logger, 'info' | 'warn'>;
  clock: () => Date;
}) {
  /** One after the other within this process: they all want the next number, and would run into each other. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function issueDue(order: Order, tx: Tx): Promise<Invoice[]> {
    const issued = await invoices.ofOrders([order.id], tx);
    const has = ({ kind, source }: DocumentContent) =>
      issued.some((known) => known.kind === kind && known.source === source);
    const numbers = new Map(issued.map(({ source, number }) => [source, number]));
    const fresh: Invoice[] = [];
    for (const { corrects, ...content } of dueDocuments(order)) {
      if (has(content)) continue;
      const sequence = await invoices.takeNumber(content.kind, tx);
      const number = documentNumber(content.kind, sequence);
      const corrected = corrects === undefined ? undefined : numbers.get(corrects);
      numbers.set(content.source, number);
      fresh.push({
        ...{ ...content, id: newId(), sequence, number, issuedAt: clock(), seller },
        ...{ orderId: order.id, orderNumber: order.number, orderedAt: order.createdAt },
        ...(corrected === undefined ? {} : { corrects: corrected }),
        buyer: { email: order.email, address: order.billingAddress },
        ...{ taxMode: order.pricing.taxMode, isCash: order.settlement === 'on_delivery' },
      });
    }
    for (const invoice of fresh) await invoices.insert(invoice, tx);
    return fresh;
  }

  return {
    /**
     * Has an order looked at for documents that it calls for, once the caller's transaction is committed. Neither a lost
     * job nor a lost Redis loses that.
     */
    async ask(orderId: string, tx: Tx): Promise<void> {
      await invoices.ask(orderId, clock(), tx);
      // Sooner it would find nothing to do.
      afterCommit(tx, `invoices.issue:${orderId}`, () => {
        queues.enqueue(issueInvoices, { orderId }).catch((err: unknown) => {
          logger.warn({ err, orderId }, 'the job of an invoice is left to the sweep');
        });
      });
    },

    /**
     * Issues what an order calls for and has not got, in a transaction of its own, and has it printed. Answers what is new;
     * nothing for an order that is complete, or unknown. May run any number of times, at once too.
     */
    async issue(orderId: string): Promise<Invoice[]> {
      const fresh = await inTurn(() =>
        mongo.transaction(async (tx) => {
          const order = await orders.byId(orderId, tx);
          const issued = order ? await issueDue(order, tx) : [];
          await invoices.settle(orderId, tx);
          return issued;
        }),
      );
      for (const { id: invoiceId, number } of fresh) {
        logger.info({ orderId, number }, 'a document was issued');
        if (isPrinting) await queues.enqueue(printInvoice, { invoiceId });
      }
      return fresh;
    },

    /** Makes jobs of orders that still wait: theirs may be lost, and where it is not, a second one is not made. */
    async sweep(): Promise<void> {
      for (const orderId of await invoices.waiting(BATCH)) await queues.enqueue(issueInvoices, { orderId });
    },
  };
}

export type InvoiceIssuing = ReturnType<typeof createInvoiceIssuing>;
