import { z } from 'zod';
import { givenPasswordSchema, PASSWORD_MAX_UNITS, twoFactorRequiredOutput } from './two-factor.contracts.ts';

export const roleSchema = z.enum(['customer', 'staff', 'admin']);

export const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** How long passwords are, in characters. */
export const PASSWORD_RULES = { minLength: 8, maxLength: 128 } as const;

/** Counted as people see them: a letter and its accent are one, however the keyboard sent them. */
const characters = (text: string): number => [...text.normalize('NFC')].length;

/** A new password: 8 to 128 characters of any kind. */
export const passwordSchema = z
  .string()
  .max(PASSWORD_MAX_UNITS)
  .refine(
    (text) => characters(text) >= PASSWORD_RULES.minLength,
    `Must be at least ${PASSWORD_RULES.minLength} characters`,
  )
  .refine(
    (text) => characters(text) <= PASSWORD_RULES.maxLength,
    `Must be at most ${PASSWORD_RULES.maxLength} characters`,
  );

/** The token of a mailed link. */
export const mailedTokenSchema = z.string().min(16).max(200);
/** Of an authenticator or a recovery code; checked by the second factor alone. */
const codeSchema = z.string().trim().min(1).max(64);
export const nameSchema = z.string().trim().min(1).max(120);
export const deviceNameSchema = z.string().trim().min(1).max(100).optional();

/** The signed-in user as clients see them. */
export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  emailVerified: z.boolean(),
  createdAt: z.date(),
  /** A new address that waits to be confirmed. */
  pendingEmail: z.string().optional(),
  /** When the account is deleted, if its user asked for that. */
  removalDueAt: z.date().optional(),
});

export const registerInput = z.strictObject({
  email: emailSchema,
  password: passwordSchema,
  name: nameSchema,
  deviceName: deviceNameSchema,
});

export const loginInput = z.strictObject({
  email: emailSchema,
  password: givenPasswordSchema,
  deviceName: deviceNameSchema,
});

/** A fresh session: the access token lives minutes, the refresh token rotates on each use. */
export const signedInOutput = z.object({
  status: z.literal('ok'),
  user: userSchema,
  accessToken: z.string(),
  refreshToken: z.string(),
  sessionId: z.string(),
  cartMerged: z.boolean().optional(),
});

export const loginOutput = z.discriminatedUnion('status', [signedInOutput, twoFactorRequiredOutput]);
export const requestPasswordResetInput = z.strictObject({ email: emailSchema });
export const resetPasswordInput = z.strictObject({
  token: mailedTokenSchema,
  newPassword: passwordSchema,
  code: codeSchema.optional(),
});
export const mailedTokenInput = z.strictObject({ token: mailedTokenSchema });
export const resendVerificationInput = z.strictObject({ email: emailSchema.optional() });
export const changePasswordInput = z.strictObject({
  currentPassword: givenPasswordSchema,
  newPassword: passwordSchema,
});

export const updateProfileInput = z.strictObject({ name: nameSchema });
export const changeEmailInput = z.strictObject({ newEmail: emailSchema });
export const removeAccountInput = z.strictObject({ password: givenPasswordSchema, code: codeSchema.optional() });
export const removeAccountOutput = z.object({ dueAt: z.date() });
export const cancelRemovalInput = z.strictObject({ token: mailedTokenSchema.optional() }).default({});

export const refreshInput = z.strictObject({ refreshToken: z.string().min(16).max(512) });
export const refreshOutput = z.object({ accessToken: z.string(), refreshToken: z.string(), sessionId: z.string() });

export const sessionSchema = z.object({
  id: z.string(),
  deviceName: z.string(),
  ip: z.string(),
  /** ISO 3166-1 alpha-2; null where it is not known. */
  country: z.string().nullable(),
  userAgent: z.string(),
  createdAt: z.date(),
  lastSeenAt: z.date(),
  current: z.boolean(),
});
export const sessionsListOutput = z.object({ items: z.array(sessionSchema) });
export const revokeSessionInput = z.strictObject({ sessionId: z.string().min(1).max(64) });
export const okOutput = z.object({ ok: z.literal(true) });

export type UserDto = z.infer<typeof userSchema>;
export type SignedInDto = z.infer<typeof signedInOutput>;
export type SessionDto = z.infer<typeof sessionSchema>;
