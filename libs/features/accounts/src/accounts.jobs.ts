import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/** Repeating: deletes the accounts whose users asked for it two weeks ago. */
export const removeDueAccounts = defineJob({
  queue: 'maintenance',
  name: 'accounts.remove-due',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  exclusive: true,
});
