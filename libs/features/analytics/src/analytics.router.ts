import { requirePermission, resumable, router } from '@cartwright/api-core';
import {
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
    onCounters: reader
      .input(resumable(onCountersInput))
      .subscription(({ ctx, input }) =>
        counters.feed({ ctx, stream: COUNTERS_STREAM, lastEventId: input.lastEventId }),
      ),
  });
}
