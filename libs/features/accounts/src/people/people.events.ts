import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';
import { roleSchema } from '../accounts.contracts.ts';

/** Whom it is about, and where they are told of it. */
const facts = { userId: z.string(), email: z.string() };

const banFacts = {
  ...facts,
  banId: z.string(),
  reason: z.string(),
  from: z.date(),
  until: z.date().optional(),
};

/** A ban will begin at `from`. */
export const userBanScheduled = defineEvent({ type: 'user.ban_scheduled', version: 1, payload: z.object(banFacts) });

/** A ban that had not begun was taken back. */
export const userBanCanceled = defineEvent({
  type: 'user.ban_canceled',
  version: 1,
  payload: z.object({ ...facts, banId: z.string() }),
});

/** A ban has begun. */
export const userBanned = defineEvent({ type: 'user.banned', version: 1, payload: z.object(banFacts) });

/** A ban is over: its time has come, or an administrator took it back. */
export const userUnbanned = defineEvent({
  type: 'user.unbanned',
  version: 1,
  payload: z.object({ ...facts, banId: z.string(), cause: z.enum(['ended', 'admin']) }),
});

export const userRoleChanged = defineEvent({
  type: 'user.role_changed',
  version: 1,
  payload: z.object({ ...facts, from: roleSchema, to: roleSchema }),
});
