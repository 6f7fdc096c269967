import {
  authedProcedure,
  requirePermission,
  resumable,
  router,
  withIdempotency,
  type CallLimit,
  type Idempotency,
} from '@cartwright/api-core';
import {
  adminListOrdersInput,
  cancelOrderInput,
  listOrdersInput,
  listOrdersOutput,
  onActivityInput,
  onStatusInput,
  orderIdInput,
  orderNumberInput,
  orderSchema,
  payOrderInput,
  payOrderOutput,
  paymentStatusOutput,
  placeOrderInput,
  placeOrderOutput,
  quoteInput,
  quoteOutput,
} from './orders.contracts.ts';
import { ADMIN_STREAM, userStream } from '@cartwright/platform-streams';
import type { OrderService } from './order-service.ts';

/** `checkout.*` */
export function createCheckoutRouter({ orders }: { orders: OrderService }) {
  return router({
    quote: authedProcedure
      .input(quoteInput)
      .output(quoteOutput)
      .query(({ ctx, input }) => orders.quote(ctx.principal, input)),
  });
}

/** `orders.*`: a customer's own orders. */
export function createOrdersRouter({
  orders,
  idempotency,
  limits,
}: {
  orders: OrderService;
  idempotency: Idempotency;
  limits: { placing: CallLimit };
}) {
  return router({
    place: authedProcedure
      .input(withIdempotency(placeOrderInput))
      .use(idempotency.required)
      .use(limits.placing)
      .output(placeOrderOutput)
      .mutation(({ ctx, input }) => orders.place(ctx.principal, input, ctx.intent)),
    list: authedProcedure
      .input(listOrdersInput)
      .output(listOrdersOutput)
      .query(({ ctx, input }) => orders.list(ctx.principal.userId, input)),
    byId: authedProcedure
      .input(orderIdInput)
      .output(orderSchema)
      .query(({ ctx, input }) => orders.byId(ctx.principal.userId, input.orderId)),
    byNumber: authedProcedure
      .input(orderNumberInput)
      .output(orderSchema)
      .query(({ ctx, input }) => orders.byNumber(ctx.principal.userId, input.number)),
    pay: authedProcedure
      .input(withIdempotency(payOrderInput))
      .use(idempotency.required)
      .output(payOrderOutput)
      // The open payment page is the record: whoever calls again, with whatever key, is sent to the same one.
      .mutation(({ ctx, input }) => orders.pay(ctx.principal.userId, input)),
    paymentStatus: authedProcedure
      .input(orderIdInput)
      .output(paymentStatusOutput)
      .query(({ ctx, input }) => orders.paymentStatus(ctx.principal.userId, input.orderId)),
    cancel: authedProcedure
      .input(withIdempotency(cancelOrderInput))
      .use(idempotency.required)
      .output(orderSchema)
      .mutation(({ ctx, input }) => orders.cancel(ctx.principal.userId, input, ctx.intent)),
    onStatus: authedProcedure
      .input(resumable(onStatusInput))
      .subscription(({ ctx, input: { orderId, lastEventId } }) => {
        const { userId } = ctx.principal;
        return orders.statusFeed({
          ctx,
          stream: userStream(userId),
          lastEventId,
          ...(orderId === undefined
            ? {}
            : {
                accept: (event) => event.orderId === orderId,
                authorise: () => orders.requireOwn(userId, orderId),
              }),
        });
      }),
  });
}

/** `admin.orders.*` */
export function createAdminOrdersRouter({ orders }: { orders: OrderService }) {
  return router({
    list: requirePermission('orders.read', { personal: true })
      .input(adminListOrdersInput)
      .output(listOrdersOutput)
      .query(({ input }) => orders.admin.list(input)),
    byId: requirePermission('orders.read', { personal: true, target: { kind: 'order', field: 'orderId' } })
      .input(orderIdInput)
      .output(orderSchema)
      .query(({ input }) => orders.admin.byId(input.orderId)),
    endReview: requirePermission('orders.fulfil', { target: { kind: 'order', field: 'orderId' } })
      .input(orderIdInput)
      .output(orderSchema)
      .mutation(({ input }) => orders.admin.endReview(input.orderId)),
    onActivity: requirePermission('orders.read')
      .input(resumable(onActivityInput))
      .subscription(({ ctx, input }) =>
        orders.activityFeed({ ctx, stream: ADMIN_STREAM, lastEventId: input.lastEventId }),
      ),
  });
}
