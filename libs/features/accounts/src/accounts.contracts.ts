import { z } from 'zod';
import { twoFactorRequiredOutput } from './two-factor.contracts.ts';

export const roleSchema = z.enum(['customer', 'staff', 'admin']);

const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email());
const passwordSchema = z.string().min(8).max(128);
const deviceNameSchema = z.string().trim().min(1).max(100).optional();

/** The signed-in user as clients see them. */
export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  emailVerified: z.boolean(),
  createdAt: z.date(),
});

export const registerInput = z.strictObject({
  email: emailSchema,
  password: passwordSchema,
  name: z.string().trim().min(1).max(120),
  deviceName: deviceNameSchema,
});

export const loginInput = z.strictObject({
  email: emailSchema,
  password: z.string().min(1).max(128),
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

export const refreshInput = z.strictObject({ refreshToken: z.string().min(16).max(512) });
export const refreshOutput = z.object({ accessToken: z.string(), refreshToken: z.string(), sessionId: z.string() });

export const sessionSchema = z.object({
  id: z.string(),
  deviceName: z.string(),
  ip: z.string(),
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
