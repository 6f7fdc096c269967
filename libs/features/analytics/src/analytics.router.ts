import { requirePermission, router } from '@cartwright/api-core';
import {
  overviewInput,
  overviewOutput,
  revenueInput,
  revenueOutput,
  topSellingInput,
  topSellingOutput,
} from './analytics.contracts.ts';
import type { AnalyticsService } from './analytics-service.ts';

/** `admin.analytics.*` */
export function createAnalyticsRouter({ analytics }: { analytics: AnalyticsService }) {
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
  });
}
