import { requirePermission, resumable, router } from '@cartwright/api-core';
import {
  conversionInput,
  conversionOutput,
  couponUseInput,
  couponUseOutput,
  highestRatedInput,
  highestRatedOutput,
  lowStockInput,
  lowStockOutput,
  onCountersInput,
  overviewInput,
  overviewOutput,
  revenueInput,
  revenueOutput,
  topSellingInput,
  topSellingOutput,
} from './analytics.contracts.ts';
import { COUNTERS_STREAM } from '@cartwright/platform-streams';
import type { AnalyticsService } from './analytics-service.ts';
import type { Counters } from './counters.ts';

/** `admin.analytics.*` */
export function createAnalyticsRouter({
  analytics,
  counters,
}: {
  analytics: AnalyticsService;
  counters: Pick<Counters, 'feed'>;
}) {
  const reader = requirePermission('analytics.read');
  return router({
    overview: reader
      .input(overviewInput)
      .output(overviewOutput)
      .query(({ input }) => analytics.overview(input)),
    revenue: reader
      .input(revenueInput)
      .output(revenueOutput)
      .query(({ input }) => analytics.revenue(input)),
    topSelling: reader
      .input(topSellingInput)
      .output(topSellingOutput)
      .query(({ input }) => analytics.topSelling(input)),
    highestRated: reader
      .input(highestRatedInput)
      .output(highestRatedOutput)
      .query(({ input }) => analytics.highestRated(input)),
    lowStock: reader
      .input(lowStockInput)
      .output(lowStockOutput)
      .query(({ input }) => analytics.lowStock(input)),
    couponUse: reader
      .input(couponUseInput)
      .output(couponUseOutput)
      .query(({ input }) => analytics.couponUse(input)),
    conversion: reader
      .input(conversionInput)
      .output(conversionOutput)
      .query(({ input }) => analytics.conversion(input)),
    onCounters: reader
      .input(resumable(onCountersInput))
      .subscription(({ ctx, input }) =>
        counters.feed({ ctx, stream: COUNTERS_STREAM, lastEventId: input.lastEventId }),
      ),
  });
}
