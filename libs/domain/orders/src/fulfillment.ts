import type { Decision, FulfillmentStatus, OrderState } from './order-state.ts';
import { transitionOrder } from './transitions.ts';

/** The order one step further on its way. Throws ILLEGAL_TRANSITION for a step the table does not have. */
export function advanceFulfillment<O extends OrderState>(order: O, to: FulfillmentStatus, now: Date): Decision<O> {
  return {
    order: transitionOrder(order, { machine: 'fulfillment', to }),
    events: [{ type: 'order.fulfillment_changed', at: now, from: order.fulfillmentStatus, to }],
  };
}
