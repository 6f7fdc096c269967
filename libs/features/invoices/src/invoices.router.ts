import { identifiedProcedure, requirePermission, router } from '@cartwright/api-core';
import { requireOrderCaller } from '@cartwright/feature-orders';
import type { InvoiceService } from './invoice-service.ts';
import { invoiceInput, orderInvoiceOutput } from './invoices.contracts.ts';

/** The part of `orders.*` that tells of invoices: of one's own orders, and of a guest's by its token. */
export function createInvoicesRouter({ invoices }: { invoices: InvoiceService }) {
  return router({
    invoice: identifiedProcedure
      .input(invoiceInput)
      .output(orderInvoiceOutput)
      .query(({ ctx, input }) => invoices.ofOwn(requireOrderCaller(ctx), input.orderId)),
  });
}

/** The part of `admin.orders.*` that tells of invoices. */
export function createAdminInvoicesRouter({ invoices }: { invoices: InvoiceService }) {
  return router({
    invoice: requirePermission('orders.read', { personal: true, target: { kind: 'order', field: 'orderId' } })
      .input(invoiceInput)
      .output(orderInvoiceOutput)
      .query(({ input }) => invoices.ofAny(input.orderId)),
  });
}
