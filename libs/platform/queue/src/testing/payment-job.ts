import { z } from 'zod';
import { defineJob } from '../job.ts';

export const paymentJob = defineJob({
  queue: 'payments',
  name: 'payments.book',
  payload: z.object({ amount: z.number() }),
  attempts: 3,
  backoffMs: 10,
});
