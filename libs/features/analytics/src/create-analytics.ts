import type { Logger } from '@cartwright/platform-logger';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Redis } from '@cartwright/platform-redis';
import type { CapturedOrdersPort, FilledCartsPort, ProductsPort, StockPort } from './analytics.ports.ts';
import { createAnalyticsService, type AnalyticsService } from './analytics-service.ts';
import { createDayVersions } from './day-versions.ts';
import { createFilledCartModel } from './filled-cart.model.ts';
import { createFilledCartRepository } from './filled-cart-repository.ts';
import { createKeptDays } from './kept-days.ts';
import { createRefundModel } from './refund.model.ts';
import { createRefundRepository } from './refund-repository.ts';
import { createSaleModel } from './sale.model.ts';
import { createSaleRepository } from './sale-repository.ts';

/** Puts analytics together; `cache` may forget what it holds, `redis` does not. */
export function createAnalytics({
  mongo: { connection },
  redis,
  cache,
  timezone,
  logger,
  ...rest
}: {
  mongo: Pick<Mongo, 'connection'>;
  redis: Pick<Redis, 'client' | 'key'>;
  cache: Pick<Redis, 'client' | 'key'>;
  orders: CapturedOrdersPort;
  carts: FilledCartsPort;
  products: ProductsPort;
  stock: StockPort;
  /** The shop's: there in every answer. */
  currency: string;
  timezone: string;
  logger: Pick<Logger, 'warn'>;
}): AnalyticsService {
  const versions = createDayVersions({ redis, timezone });
  return createAnalyticsService({
    ...{ ...rest, versions, timezone, logger },
    sales: createSaleRepository({ sales: createSaleModel(connection) }),
    refunds: createRefundRepository({ refunds: createRefundModel(connection) }),
    filledCarts: createFilledCartRepository({ carts: createFilledCartModel(connection) }),
    days: createKeptDays({ versions, redis, cache, timezone, logger }),
  });
}
