import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';
import { UPLOAD_PURPOSES, type UploadPurpose } from './upload-purposes.ts';

export const uploadPurposeSchema = z.enum(Object.keys(UPLOAD_PURPOSES) as [UploadPurpose, ...UploadPurpose[]]);

/**
 * presigned: waits for its file. uploaded: the file is said to be there. verifying: it is looked at. ready: it is what it
 * was announced as, and can be used. rejected, aborted: the end, and nothing of the file is kept.
 */
export const uploadStateSchema = z.enum(['presigned', 'uploaded', 'verifying', 'ready', 'rejected', 'aborted']);

/**
 * Why a file was refused. missing: gone before it was looked at. size, checksum: not what was announced. type: not what it
 * was said to be. unreadable: a broken picture, or no UTF-8 text. too_many_pixels: too large a picture once opened. failed:
 * nobody managed to look at it.
 */
export const rejectionSchema = z.enum([
  'missing',
  'size',
  'checksum',
  'type',
  'unreadable',
  'too_many_pixels',
  'failed',
]);

/** A picture that is ready, in its widths in pixels, the narrowest first. `url` is the widest. */
export const uploadedPictureSchema = z.object({
  url: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  variants: z.array(z.object({ width: z.number().int(), url: z.string() })),
});

export const uploadSchema = z.object({
  uploadId: z.string(),
  purpose: uploadPurposeSchema,
  state: uploadStateSchema,
  /** Why, of a rejected one. */
  rejection: rejectionSchema.optional(),
  contentType: z.string(),
  /** In bytes. */
  size: z.number().int(),
  /** Of a picture that is ready. */
  picture: uploadedPictureSchema.optional(),
  createdAt: z.date(),
});

export const presignInput = z.strictObject({
  purpose: uploadPurposeSchema,
  contentType: z.string().min(1).max(100),
  /** In bytes. */
  size: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  /** SHA-256 of the file, in base64. */
  checksumSha256: z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'SHA-256 in base64'),
});
export const presignOutput = z.object({
  uploadId: z.string(),
  method: z.literal('PUT'),
  url: z.string(),
  /** To be sent with the file, as they are. */
  headers: z.record(z.string(), z.string()),
  /** Until when the address takes the file. */
  expiresAt: z.date(),
});
export const uploadIdInput = z.strictObject({ uploadId: idSchema });

export const adminUploadSchema = uploadSchema.extend({
  userId: z.string(),
  /** The product that uses it. */
  productId: z.string().optional(),
});
export const listUploadsInput = z.strictObject({ state: uploadStateSchema.optional(), ...pageInput });
export const listUploadsOutput = pageOf(adminUploadSchema);

export const removeUploadOutput = z.object({ ok: z.literal(true) });

export type UploadState = z.infer<typeof uploadStateSchema>;
export type Rejection = z.infer<typeof rejectionSchema>;
export type UploadDto = z.infer<typeof uploadSchema>;
export type AdminUploadDto = z.infer<typeof adminUploadSchema>;
export type PresignInput = z.infer<typeof presignInput>;
export type PresignDto = z.infer<typeof presignOutput>;
export type ListUploadsInput = z.infer<typeof listUploadsInput>;
