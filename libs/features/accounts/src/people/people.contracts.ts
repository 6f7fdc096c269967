import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';
import {
  deviceNameSchema,
  emailSchema,
  mailedTokenSchema,
  nameSchema,
  passwordSchema,
  roleSchema,
  sessionSchema,
  userSchema,
} from '../accounts.contracts.ts';

export const banStateSchema = z.enum(['none', 'scheduled', 'active']);

const banSchema = z.object({
  id: z.string(),
  state: z.enum(['scheduled', 'active']),
  reason: z.string(),
  from: z.date(),
  /** Absent: for good. */
  until: z.date().optional(),
  /** The administrator's id. */
  by: z.string(),
  at: z.date(),
});

/** A user as lists for administrators show them. */
export const personSchema = userSchema.extend({
  ban: banSchema.optional(),
  /** Invited, and has not come yet. */
  invited: z.boolean(),
});

/** A user as administrators see them. */
export const personDetailsSchema = personSchema.extend({
  orders: z.object({
    total: z.number().int(),
    pending: z.number().int(),
    paid: z.number().int(),
    canceled: z.number().int(),
  }),
  sessionCount: z.number().int(),
  twoFactorEnabled: z.boolean(),
});

export const listPeopleInput = z.strictObject({
  /** The start of an e-mail address, of a name or of one of its words. */
  query: z.string().trim().min(1).max(100).optional(),
  role: roleSchema.optional(),
  /** Whether a ban is there, now or scheduled. */
  banned: z.boolean().optional(),
  verified: z.boolean().optional(),
  /** Whether they were invited and have not come yet. */
  invited: z.boolean().optional(),
  ...pageInput,
});
/** `truncated`: more people match `query` than are looked at; a longer one finds the others. */
export const listPeopleOutput = pageOf(personSchema).extend({ truncated: z.boolean() });

export const personInput = z.strictObject({ userId: idSchema });
export const personSessionsOutput = z.object({ items: z.array(sessionSchema.omit({ current: true })) });

/** Without `from` the ban begins now, without `until` it is for good. */
export const banInput = z.strictObject({
  userId: idSchema,
  /** As the user is told. */
  reason: z.string().trim().min(1).max(500),
  from: z.date().optional(),
  until: z.date().optional(),
});
export const setRoleInput = z.strictObject({ userId: idSchema, role: roleSchema });
export const inviteInput = z.strictObject({ email: emailSchema, name: nameSchema, role: roleSchema });
export const acceptInviteInput = z.strictObject({
  token: mailedTokenSchema,
  password: passwordSchema,
  name: nameSchema.optional(),
  deviceName: deviceNameSchema,
});
/** One session, or all of them. */
export const revokeSessionsInput = z.strictObject({
  userId: idSchema,
  sessionId: z.string().min(1).max(64).optional(),
});

export type PersonDto = z.infer<typeof personSchema>;
export type PersonDetailsDto = z.infer<typeof personDetailsSchema>;
export type ListPeopleInput = z.output<typeof listPeopleInput>;
