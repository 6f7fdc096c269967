import { z } from 'zod';

/** A character may take several code units; long texts are refused before they are looked at. */
export const PASSWORD_MAX_UNITS = 1_024;
/** A password that is compared. */
export const givenPasswordSchema = z.string().min(1).max(PASSWORD_MAX_UNITS);

/** Six digits; people type spaces between them, as their app shows them. */
export const codeSchema = z
  .string()
  .max(20)
  .transform((code) => code.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'Must be six digits'));

const challengeSchema = z.string().min(16).max(128);

export const twoFactorRequiredOutput = z.object({ status: z.literal('two_factor_required'), challenge: z.string() });

export const verifyTwoFactorInput = z.union([
  z.strictObject({ challenge: challengeSchema, code: codeSchema }),
  z.strictObject({ challenge: challengeSchema, recoveryCode: z.string().trim().min(8).max(40) }),
]);

export const stepUpInput = z.union([
  z.strictObject({ password: givenPasswordSchema }),
  z.strictObject({ code: codeSchema }),
]);
export const stepUpOutput = z.object({ stepUpUntil: z.date() });

export const twoFactorStatusOutput = z.object({
  enabled: z.boolean(),
  since: z.date().nullable(),
  recoveryCodesLeft: z.number().int(),
});
export const twoFactorSetupOutput = z.object({
  /** Base32, for apps that can't scan. */
  secret: z.string(),
  otpauthUrl: z.string(),
  /** A PNG as a data URL. */
  qrCode: z.string(),
});
export const enableTwoFactorInput = z.strictObject({ code: codeSchema });
/** None is needed when the session has just shown one. A recovery code is not enough: one that was found would get ten. */
export const regenerateRecoveryCodesInput = z.strictObject({ code: codeSchema.optional() }).optional();
export const disableTwoFactorInput = z.strictObject({ password: givenPasswordSchema, code: codeSchema });
/** Shown once. */
export const recoveryCodesOutput = z.object({ recoveryCodes: z.array(z.string()) });

export type TwoFactorRequiredDto = z.infer<typeof twoFactorRequiredOutput>;
export type TwoFactorStatusDto = z.infer<typeof twoFactorStatusOutput>;
export type TwoFactorSetupDto = z.infer<typeof twoFactorSetupOutput>;
