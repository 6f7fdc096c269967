import { notFound } from '@cartwright/domain-errors';
import type { Order, OrderCaller } from '@cartwright/feature-orders';
import type { Queues } from '@cartwright/platform-queue';
import { dueDocuments } from './due-documents.ts';
import type { Invoice } from './invoice.ts';
import { ADDRESS_SECONDS, type InvoiceFiles } from './invoice-files.ts';
import type { InvoiceRepository } from './invoice-repository.ts';
import type { OrderDocumentDto, OrderInvoiceDto } from './invoices.contracts.ts';
import { issueInvoices } from './invoices.jobs.ts';
import type { BilledOrders } from './invoices.ports.ts';

/** Reading the documents of orders. */
export function createInvoiceService({
  invoices,
  orders,
  files,
  queues,
  isPrinting,
}: {
  invoices: Pick<InvoiceRepository, 'ofOrders'>;
  orders: Pick<BilledOrders, 'byId' | 'requireOwn'>;
  files: Pick<InvoiceFiles, 'addressOf'>;
  queues: Pick<Queues, 'enqueue'>;
  /** Whether there is a place for files; without one documents are told of without an address. */
  isPrinting: boolean;
}) {
  async function documentsOf(order: Order): Promise<OrderInvoiceDto> {
    const due = dueDocuments(order);
    const issued = await invoices.ofOrders([order.id]);
    const isMissing = due.some(
      ({ kind, source }) => !issued.some((invoice) => invoice.kind === kind && invoice.source === source),
    );
    // Its job is on its way, as a rule; a second one finds nothing to do.
    if (isMissing) await queues.enqueue(issueInvoices, { orderId: order.id });
    const shown = await Promise.all(
      issued.map(async (invoice) => ({
        invoice,
        dto: toDto(invoice, isPrinting ? await files.addressOf(invoice) : undefined),
      })),
    );
    const isReady = !isMissing && (!isPrinting || shown.every(({ dto }) => dto.url !== undefined));
    const main = shown.find(({ invoice: { kind, corrects } }) => kind === 'invoice' && corrects === undefined);
    const others = (wanted: Invoice['kind']) =>
      shown.flatMap(({ invoice, dto }) => (invoice.kind === wanted && invoice !== main?.invoice ? [dto] : []));
    return {
      status: due.length === 0 && issued.length === 0 ? 'none' : isReady ? 'ready' : 'pending',
      ...main?.dto,
      urlSeconds: ADDRESS_SECONDS,
      creditNotes: others('credit_note'),
      corrections: others('invoice'),
    };
  }

  return {
    /** The documents of the caller's own order. Throws NOT_FOUND, SERVICE_UNAVAILABLE while the files are away. */
    ofOwn: async (caller: OrderCaller, orderId: string): Promise<OrderInvoiceDto> =>
      documentsOf(await orders.requireOwn(caller, orderId)),

    /** The documents of any order, for staff. Throws as `ofOwn` does. */
    async ofAny(orderId: string): Promise<OrderInvoiceDto> {
      const order = await orders.byId(orderId);
      if (!order) throw notFound('order');
      return documentsOf(order);
    },
  };
}

export type InvoiceService = ReturnType<typeof createInvoiceService>;

function toDto({ number, corrects, total: amount, currency, issuedAt }: Invoice, url?: string): OrderDocumentDto {
  return {
    number,
    ...(corrects === undefined ? {} : { corrects }),
    ...{ total: { amount, currency }, issuedAt },
    ...(url === undefined ? {} : { url }),
  };
}
