import type { FeedStreams } from '@cartwright/api-core';
import type { CartService } from '@cartwright/feature-cart';
import type { CouponService } from '@cartwright/feature-coupons';
import type { InventoryService } from '@cartwright/feature-inventory';
import type { IdempotencyRecords } from '@cartwright/platform-idempotency';
import type { Logger } from '@cartwright/platform-logger';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { createLanes } from './lanes.ts';
import { createOrderBans } from './order-bans.ts';
import { createOrderClocks } from './order-clocks.ts';
import { createOrderHolds } from './order-holds.ts';
import { createOrderPayments } from './order-payments.ts';
import type { OrderRepository } from './order-repository.ts';
import { createOrderTokens } from './guest-access.ts';
import type { GuestBuyerRepository } from './guest-buyer-repository.ts';
import { createGuestLimits } from './guest-limits.ts';
import { createGuestOrders } from './guest-orders.ts';
import { createOrderService, type OrderService } from './order-service.ts';
import { createOrderStream } from './order-stream.ts';
import type { BuyerPort, LookupLimitPort, PaymentPort, RandomBytes, ShopSettingsSource } from './orders.ports.ts';
import { createOrderPlacement } from './place-order.ts';
import { createOrderReturns } from './order-returns.ts';
import { createReorder } from './reorder.ts';
import { createQuotes } from './quotes.ts';

export interface OrdersDependencies {
  readonly mongo: Pick<Mongo, 'transaction'>;
  readonly orders: OrderRepository;
  readonly records: Pick<IdempotencyRecords, 'once'>;
  readonly carts: Pick<CartService, 'forCheckout' | 'resolve' | 'takeOrdered' | 'restore' | 'refill'>;
  readonly coupons: Pick<CouponService, 'evaluate' | 'redeem' | 'redeemAgain' | 'giveBack'>;
  readonly stock: Pick<InventoryService, 'hold' | 'holdIfAvailable' | 'release' | 'levels'>;
  readonly payments: PaymentPort;
  readonly buyers: BuyerPort;
  readonly streams: FeedStreams;
  readonly outbox: Pick<Outbox, 'append'>;
  readonly settings: ShopSettingsSource;
  readonly guests: GuestBuyerRepository;
  readonly mails: Pick<Mails, 'write'>;
  readonly lookups: LookupLimitPort;
  /** What tokens of guests' orders are derived with: at least 32 characters. */
  readonly secret: string;
  readonly randomBytes: RandomBytes;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  readonly clock: () => Date;
}

/** Puts the parts of the feature together. */
export function createOrders(dependencies: OrdersDependencies): OrderService {
  const { orders, stock, coupons, streams, settings } = dependencies;
  const holds = createOrderHolds({ stock, coupons, settings });
  const quotes = createQuotes(dependencies);
  const tokens = createOrderTokens(dependencies);
  return createOrderService({
    ...dependencies,
    holds,
    quotes,
    tokens,
    guests: createGuestOrders({ ...dependencies, tokens }),
    reordering: createReorder(dependencies),
    returns: createOrderReturns(dependencies),
    placement: createOrderPlacement({
      ...dependencies,
      quotes,
      tokens,
      guestLimits: createGuestLimits(dependencies),
      lanes: createLanes(),
    }),
    clocks: createOrderClocks({ ...dependencies, holds }),
    bans: createOrderBans({ ...dependencies, holds }),
    booking: createOrderPayments({ ...dependencies, holds }),
    stream: createOrderStream({ orders, streams }),
  });
}
