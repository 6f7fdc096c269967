import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/** Somebody has an account now. The address is read from the user when it is needed. */
export const userRegistered = defineEvent({
  type: 'user.registered',
  version: 1,
  payload: z.object({ userId: z.string(), role: z.enum(['customer', 'staff', 'admin']) }),
});

/** Somebody asked for a mail to an address; which one stands in the request, that is deleted once it is answered. */
export const accountMailRequested = defineEvent({
  type: 'account.mail-requested',
  version: 1,
  payload: z.object({ requestId: z.string() }),
});

/** A user has another password, or none any more: sessions from before are over, but for the one it was changed in. */
export const userPasswordChanged = defineEvent({
  type: 'user.password-changed',
  version: 1,
  payload: z.object({ userId: z.string(), keptSessionId: z.string().optional() }),
});

export const TWO_FACTOR_CHANGES = ['enabled', 'disabled', 'codes_renewed', 'code_used'] as const;

/** Something about a user's second factor is another than before: by a user, who may be a thief. */
export const userTwoFactorChanged = defineEvent({
  type: 'user.two_factor_changed',
  version: 1,
  payload: z.object({ userId: z.string(), change: z.enum(TWO_FACTOR_CHANGES) }),
});

/** An account is deleted: whoever keeps something of its user deletes it, or unlinks what must be kept. */
export const userRemoved = defineEvent({
  type: 'user.removed',
  version: 1,
  payload: z.object({ userId: z.string() }),
});

/** A user wants a copy of what the shop knows. */
export const personalDataRequested = defineEvent({
  type: 'user.data-requested',
  version: 1,
  payload: z.object({ userId: z.string(), requestId: z.string() }),
});
