import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/** Repeats every minute: products are shown when their moment has come. */
export const publishDueJob = defineJob({
  queue: 'catalog',
  name: 'catalog.publish-due',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 1_000,
  budgetMs: 50_000,
  exclusive: true,
});

/** Repeats every minute: lowest prices follow sales that began or ended. */
export const refreshPricesJob = defineJob({
  queue: 'catalog',
  name: 'catalog.refresh-prices',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 1_000,
  // Less than until the next one.
  budgetMs: 50_000,
  exclusive: true,
});

/** Repeats every minute: of what sells best, the days that are longer ago fall out. */
export const letSalesPassJob = defineJob({
  queue: 'catalog',
  name: 'catalog.let-sales-pass',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 1_000,
  budgetMs: 50_000,
  exclusive: true,
});
