import { identifiedProcedure, router, withIdempotency, type CallLimit, type Idempotency } from '@cartwright/api-core';
import { addItemInput, applyCouponInput, cartViewSchema, removeItemInput, setQuantityInput } from './cart.contracts.ts';
import type { CartActor, CartService } from './cart-service.ts';

/** `cart.*`: open to guests, who are known by their cart token. */
export function createCartRouter({
  cart,
  idempotency,
  limits,
}: {
  cart: CartService;
  idempotency: Idempotency;
  limits: { coupons: CallLimit };
}) {
  return router({
    get: identifiedProcedure.output(cartViewSchema).query(({ ctx }) => cart.get(actorOf(ctx))),
    addItem: identifiedProcedure
      .input(withIdempotency(addItemInput))
      .use(idempotency.optional)
      .output(cartViewSchema)
      .mutation(({ ctx, input }) => cart.addItem(actorOf(ctx), input)),
    setQuantity: identifiedProcedure
      .input(setQuantityInput)
      .output(cartViewSchema)
      .mutation(({ ctx, input }) => cart.setQuantity(actorOf(ctx), input)),
    removeItem: identifiedProcedure
      .input(removeItemInput)
      .output(cartViewSchema)
      .mutation(({ ctx, input }) => cart.removeItem(actorOf(ctx), input.variantId)),
    clear: identifiedProcedure.output(cartViewSchema).mutation(({ ctx }) => cart.clear(actorOf(ctx))),
    applyCoupon: identifiedProcedure
      .input(applyCouponInput)
      .use(limits.coupons)
      .output(cartViewSchema)
      .mutation(({ ctx, input }) => cart.applyCoupon(actorOf(ctx), input.code)),
    removeCoupon: identifiedProcedure.output(cartViewSchema).mutation(({ ctx }) => cart.removeCoupon(actorOf(ctx))),
  });
}

/** A signed-in user's own cart, whatever cart token is sent along. */
function actorOf(ctx: { principal: { userId: string } | null; cartToken?: string | undefined }): CartActor {
  return ctx.principal ? { userId: ctx.principal.userId } : { cartToken: ctx.cartToken };
}
