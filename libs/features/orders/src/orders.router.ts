import {
  authedProcedure,
  identifiedProcedure,
  publicProcedure,
  requirePermission,
  resumable,
  router,
  withIdempotency,
  type CallLimit,
  type Idempotency,
  type Principal,
} from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import {
  cancelOrderInput,
  claimOrderInput,
  listOrdersInput,
  listOrdersOutput,
  lookupOrderInput,
  lookupOrderOutput,
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
  reorderOutput,
  requestReturnInput,
} from './orders.contracts.ts';
import { ADMIN_STREAM } from '@cartwright/platform-streams';
import type { OrderCaller } from './guest-access.ts';
import type { OrderService } from './order-service.ts';
import type { Buyer } from './quotes.ts';
import { adminListOrdersInput, adminOrderSchema, orderCountsOutput } from './orders-admin.contracts.ts';

/** `checkout.*` */
export function createCheckoutRouter({ orders }: { orders: OrderService }) {
  return router({
    quote: identifiedProcedure
      .input(quoteInput)
      .output(quoteOutput)
      .query(({ ctx, input }) => orders.quote(buyerOf(ctx, input), input)),
  });
}

/** `orders.*`: a customer's own orders, and a guest's by its token. */
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
    place: identifiedProcedure
      .input(withIdempotency(placeOrderInput))
      .use(idempotency.required)
      .use(limits.placing)
      .output(placeOrderOutput)
      .mutation(({ ctx, input }) => orders.place(buyerOf(ctx, input), input, ctx.intent)),
    list: authedProcedure
      .input(listOrdersInput)
      .output(listOrdersOutput)
      .query(({ ctx, input }) => orders.list(ctx.principal.userId, input)),
    byId: identifiedProcedure
      .input(orderIdInput)
      .output(orderSchema)
      .query(({ ctx, input }) => orders.byId(requireCaller(ctx), input.orderId)),
    byNumber: identifiedProcedure
      .input(orderNumberInput)
      .output(orderSchema)
      .query(({ ctx, input }) => orders.byNumber(requireCaller(ctx), input.number)),
    pay: identifiedProcedure
      .input(withIdempotency(payOrderInput))
      .use(idempotency.required)
      .output(payOrderOutput)
      // The open payment page is the record: whoever calls again, with whatever key, is sent to the same one.
      .mutation(({ ctx, input }) => orders.pay(requireCaller(ctx), input)),
    paymentStatus: identifiedProcedure
      .input(orderIdInput)
      .output(paymentStatusOutput)
      .query(({ ctx, input }) => orders.paymentStatus(requireCaller(ctx), input.orderId)),
    cancel: identifiedProcedure
      .input(withIdempotency(cancelOrderInput))
      .use(idempotency.required)
      .output(orderSchema)
      .mutation(({ ctx, input }) => orders.cancel(requireCaller(ctx), input, ctx.intent)),
    requestReturn: identifiedProcedure
      .input(withIdempotency(requestReturnInput))
      .use(idempotency.recorded)
      .output(orderSchema)
      .mutation(({ ctx, input }) => orders.requestReturn(requireCaller(ctx), input, ctx.intent)),
    lookup: publicProcedure
      .input(lookupOrderInput)
      .output(lookupOrderOutput)
      .mutation(async ({ ctx, input }) => {
        await orders.lookup(input, ctx);
        return { ok: true } as const;
      }),
    claim: authedProcedure
      .input(withIdempotency(claimOrderInput))
      .use(idempotency.optional)
      .output(orderSchema)
      .mutation(async ({ ctx, input }) => {
        const orderId = await orders.claim(ctx.principal, input.orderToken);
        return orders.byId({ userId: ctx.principal.userId }, orderId);
      }),
    reorder: identifiedProcedure
      .input(orderIdInput)
      .output(reorderOutput)
      .mutation(({ ctx, input }) => {
        const { principal, cartToken } = ctx;
        const cart = principal ? { userId: principal.userId } : { cartToken };
        return orders.reorder(requireCaller(ctx), input.orderId, cart);
      }),
    onStatus: identifiedProcedure
      .input(resumable(onStatusInput))
      .subscription(async ({ ctx, input: { orderId, lastEventId } }) => {
        const caller = callerOf(ctx);
        return orders.statusFeed({
          ctx,
          stream: await orders.streamOf(caller, orderId),
          lastEventId,
          ...(orderId === undefined
            ? {}
            : {
                accept: (event) => event.orderId === orderId,
                authorise: async () => {
                  await orders.requireOwn(caller, orderId);
                },
              }),
        });
      }),
  });
}

interface Asking {
  readonly principal: Principal | null;
  readonly ip: string;
  readonly cartToken?: string | undefined;
  readonly orderToken?: string | undefined;
}

/** Who buys: a signed-in user, whatever tokens are sent along, or a guest by the cart's token. */
function buyerOf({ principal, cartToken, ip }: Asking, { email }: { email?: string | undefined }): Buyer {
  return principal ?? { cartToken, email, ip };
}

/** Whose orders may be seen: a user's own, and the one that the token opens. */
function callerOf({ principal, orderToken }: Asking): OrderCaller {
  return { userId: principal?.userId, orderToken };
}

/** As `callerOf`; UNAUTHENTICATED for those who bring neither a session nor a token. */
export function requireCaller(ctx: Asking): OrderCaller {
  if (!ctx.principal && ctx.orderToken === undefined) throw new DomainError('UNAUTHENTICATED');
  return callerOf(ctx);
}

/** The part of `admin.orders.*` that reads orders. */
export function createAdminOrdersRouter({ orders }: { orders: OrderService }) {
  return router({
    list: requirePermission('orders.read', { personal: true })
      .input(adminListOrdersInput)
      .output(listOrdersOutput)
      .query(({ input }) => orders.admin.list(input)),
    byId: requirePermission('orders.read', { personal: true, target: { kind: 'order', field: 'orderId' } })
      .input(orderIdInput)
      .output(adminOrderSchema)
      .query(({ input }) => orders.admin.byId(input.orderId)),
    counts: requirePermission('orders.read')
      .output(orderCountsOutput)
      .query(() => orders.admin.counts()),
    endReview: requirePermission('orders.fulfil', { target: { kind: 'order', field: 'orderId' } })
      .input(orderIdInput)
      .output(adminOrderSchema)
      .mutation(({ ctx, input }) => orders.admin.endReview(input.orderId, ctx.principal.userId)),
    onActivity: requirePermission('orders.read')
      .input(resumable(onActivityInput))
      .subscription(({ ctx, input }) =>
        orders.activityFeed({ ctx, stream: ADMIN_STREAM, lastEventId: input.lastEventId }),
      ),
  });
}
