import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/** Somebody has an account now. The address is read from the user when it is needed. */
export const userRegistered = defineEvent({
  type: 'user.registered',
  version: 1,
  payload: z.object({ userId: z.string(), role: z.enum(['customer', 'staff', 'admin']) }),
});
