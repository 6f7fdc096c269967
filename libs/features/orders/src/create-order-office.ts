import type { InventoryService } from '@cartwright/feature-inventory';
import type { OrdersDependencies } from './create-orders.ts';
import { createLanes } from './lanes.ts';
import { createOrderDesk } from './order-desk.ts';
import { createOrderFulfilment } from './order-fulfilment.ts';
import { createOrderHolds } from './order-holds.ts';
import { createOrderPayments } from './order-payments.ts';
import { createOrderReturns } from './order-returns.ts';
import { createOrderRefunds } from './order-refunds.ts';
import type { LedgerPort } from './orders.ports.ts';

export interface OrderOfficeDependencies extends Omit<OrdersDependencies, 'stock'> {
  readonly stock: Pick<InventoryService, 'hold' | 'holdIfAvailable' | 'release' | 'ship' | 'restock'>;
  readonly ledger: LedgerPort;
  /** What staff may give back of an order, in minor units. */
  readonly staffRefundLimit: number;
}

/** Puts together what staff do with orders: sending, taking back, giving money back, canceling. */
export function createOrderOffice(dependencies: OrderOfficeDependencies) {
  const { stock, coupons, settings } = dependencies;
  const holds = createOrderHolds({ stock, coupons, settings });
  const booking = createOrderPayments({ ...dependencies, holds });
  const refunds = createOrderRefunds({ ...dependencies, lanes: createLanes() });
  const fulfilment = createOrderFulfilment({ ...dependencies, holds, booking });
  const returns = createOrderReturns(dependencies);
  return { refunds, fulfilment, returns, desk: createOrderDesk({ ...dependencies, holds, refunds, fulfilment }) };
}

export type OrderOffice = ReturnType<typeof createOrderOffice>;
