import { orderCanceled, orderPaid, orderRefundBounced, orderRefunded, orderShipped } from '@cartwright/feature-orders';
import { defineHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { InvoiceIssuing } from './invoice-issuing.ts';

/**
 * What happens to an order that may call for a document. Which one follows from the order as it is when somebody looks at it,
 * so these may come in any order, twice or late.
 */
export function createInvoiceHandlers({ issuing }: { issuing: Pick<InvoiceIssuing, 'ask'> }): EventHandler[] {
  const isCash = ({ paymentMethod }: { paymentMethod: string }): boolean => paymentMethod === 'cash_on_delivery';
  return [
    defineHandler({
      name: 'invoices.ask-for-paid',
      event: orderPaid,
      handle: ({ payload }, { tx }) => issuing.ask(payload.orderId, tx),
    }),
    defineHandler({
      name: 'invoices.ask-for-shipped',
      event: orderShipped,
      concerns: isCash,
      handle: ({ payload }, { tx }) => issuing.ask(payload.orderId, tx),
    }),
    defineHandler({
      name: 'invoices.ask-for-canceled',
      event: orderCanceled,
      concerns: isCash,
      handle: ({ payload }, { tx }) => issuing.ask(payload.orderId, tx),
    }),
    defineHandler({
      name: 'invoices.ask-for-refunded',
      event: orderRefunded,
      handle: ({ payload }, { tx }) => issuing.ask(payload.orderId, tx),
    }),
    defineHandler({
      name: 'invoices.ask-for-bounced',
      event: orderRefundBounced,
      handle: ({ payload }, { tx }) => issuing.ask(payload.orderId, tx),
    }),
  ];
}
