import type { Logger } from '@cartwright/platform-logger';
import { defineJob, type JobContext } from '@cartwright/platform-queue';
import { z } from 'zod';
import type { CouponService } from './coupon-service.ts';

/** Each night: takes along what MongoDB leaves behind of coupons that it deleted by their time. */
export const sweepCouponsJob = defineJob({
  queue: 'maintenance',
  name: 'coupons.sweep',
  payload: z.object({}),
  attempts: 5,
  backoffMs: 5_000,
});

/** The jobs of coupons, for the worker's catalog. */
export const couponJobs = [sweepCouponsJob] as const;

/** Processors of `couponJobs`. All may run twice. */
export function createCouponProcessors({
  coupons,
  logger,
}: {
  coupons: Pick<CouponService, 'removeLeftCounters'>;
  logger: Pick<Logger, 'info'>;
}) {
  return {
    'coupons.sweep': async (_payload: object, { signal }: Pick<JobContext, 'signal'>): Promise<void> => {
      const removed = await coupons.removeLeftCounters(signal);
      if (removed > 0) logger.info({ removed }, 'counters of deleted coupons removed');
    },
  };
}
