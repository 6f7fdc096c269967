import { requirePermission, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import { can, type Role } from '@cartwright/domain-permissions';
import type { OrderOffice } from './create-order-office.ts';
import type { RefundActor } from './order-refunds.ts';
import {
  adminCancelInput,
  adminOrderSchema,
  answerReturnInput,
  bulkInput,
  bulkOutput,
  markDeliveredInput,
  markReturnedInput,
  orderNoteInput,
  orderTimelineOutput,
  previewRefundInput,
  previewRefundOutput,
  refundInput,
  refundOutput,
  retryRefundInput,
  shipInput,
} from './orders-admin.contracts.ts';
import { orderIdInput } from './orders.contracts.ts';

const target = { kind: 'order', field: 'orderId' } as const;

const actorOf = ({ userId, role }: { userId: string; role: Role }): RefundActor => ({
  userId,
  isUnlimited: can(role, 'refunds.createUnlimited'),
});

/** The part of `admin.orders.*` that changes orders. */
export function createOrderOfficeRouter({
  orderOffice,
  idempotency,
}: {
  orderOffice: OrderOffice;
  idempotency: Idempotency;
}) {
  return router({
    timeline: requirePermission('orders.read', { personal: true, target })
      .input(orderIdInput)
      .output(orderTimelineOutput)
      .query(({ input }) => orderOffice.desk.timeline(input.orderId)),
    note: requirePermission('orders.fulfil', { target })
      .input(withIdempotency(orderNoteInput))
      .use(idempotency.optional)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orderOffice.desk.note(input, ctx.principal.userId)),
    cancel: requirePermission('orders.cancel', { target })
      .input(withIdempotency(adminCancelInput))
      .use(idempotency.required)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orderOffice.desk.cancel(input, actorOf(ctx.principal), ctx.intent)),
    bulk: requirePermission('orders.fulfil', { fields: ['action', 'orderIds'] })
      .input(withIdempotency(bulkInput))
      .use(idempotency.optional)
      .output(bulkOutput)
      .mutation(({ ctx, input }) => orderOffice.desk.bulk(input, ctx.principal.userId)),
    startProcessing: requirePermission('orders.fulfil', { target })
      .input(withIdempotency(orderIdInput))
      .use(idempotency.optional)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orderOffice.fulfilment.startProcessing(input.orderId, ctx.principal.userId)),
    ship: requirePermission('orders.fulfil', { target })
      .input(withIdempotency(shipInput))
      .use(idempotency.required)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orderOffice.fulfilment.ship(input, ctx.principal.userId, ctx.intent)),
    markDelivered: requirePermission('orders.fulfil', { target })
      .input(markDeliveredInput)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orderOffice.fulfilment.markDelivered(input, ctx.principal.userId)),
    markReturned: requirePermission('orders.fulfil', { target, fields: ['restock'] })
      .input(withIdempotency(markReturnedInput))
      .use(idempotency.required)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orderOffice.fulfilment.markReturned(input, ctx.principal.userId, ctx.intent)),
    answerReturn: requirePermission('orders.fulfil', { target, fields: ['accept'] })
      .input(answerReturnInput)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orderOffice.returns.answerReturn(input, ctx.principal.userId)),
    recordPayment: requirePermission('orders.recordPayment', { target })
      .input(withIdempotency(orderIdInput))
      .use(idempotency.required)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) =>
        orderOffice.fulfilment.recordPayment(input.orderId, ctx.principal.userId, ctx.intent),
      ),
    previewRefund: requirePermission('refunds.create')
      .input(previewRefundInput)
      .output(previewRefundOutput)
      .query(({ ctx, input }) => orderOffice.refunds.preview(input, actorOf(ctx.principal))),
    refund: requirePermission('refunds.create', { target, fields: ['full', 'shipping'] })
      .input(withIdempotency(refundInput))
      .use(idempotency.required)
      .output(refundOutput)
      .mutation(({ ctx, input }) => orderOffice.refunds.refund(input, actorOf(ctx.principal), ctx.intent)),
    retryRefund: requirePermission('refunds.create', { target })
      .input(withIdempotency(retryRefundInput))
      .use(idempotency.optional)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orderOffice.refunds.retry(input, actorOf(ctx.principal))),
  });
}
