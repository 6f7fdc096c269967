import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;

/** An opaque token of random bytes (256 bit by default), base64url. */
export const randomToken = (bytes: number = TOKEN_BYTES): string => randomBytes(bytes).toString('base64url');

/** How a token is stored: SHA-256, base64url. Enough for tokens of full entropy; passwords go to the password hasher. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/**
 * The one successor of a rotating token: HMAC-SHA256 under the server's secret. Whoever repeats a rotation gets the same
 * successor, and nobody else can compute it.
 */
export const deriveSuccessor = (secret: string, token: string): string =>
  createHmac('sha256', secret).update('successor\0').update(token).digest('base64url');

/** Compares two strings in a time that doesn't tell where they differ, nor how long they are. */
export const timingSafeEqualStrings = (left: string, right: string): boolean => {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(left), digest(right)) && left.length === right.length;
};
