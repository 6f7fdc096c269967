import { exportStatusInput, requirePermission, router } from '@cartwright/api-core';
import type { OrderExport } from './create-order-export.ts';
import { exportOrdersInput, orderExportSchema } from './order-export.contracts.ts';

/** The part of `admin.orders.*` that gives orders out as files. */
export function createOrderExportRouter({ orderExport }: { orderExport: OrderExport }) {
  return router({
    exportCsv: requirePermission('orders.export', {
      fields: ['status', 'paymentStatus', 'fulfillmentStatus', 'returnRequested', 'from', 'to'],
      answers: ['id'],
    })
      .input(exportOrdersInput)
      .output(orderExportSchema)
      .mutation(({ ctx, input }) => orderExport.ask(ctx.principal.userId, input)),
    // The file tells of people: whoever gets its address is written down.
    exportStatus: requirePermission('orders.export', { personal: true, target: { kind: 'export', field: 'exportId' } })
      .input(exportStatusInput)
      .output(orderExportSchema)
      .query(({ ctx, input }) => orderExport.status(ctx.principal.userId, input.exportId)),
  });
}
