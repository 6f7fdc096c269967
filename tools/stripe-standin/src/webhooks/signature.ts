import { createHmac } from 'node:crypto';

/**
 * The `Stripe-Signature` header of a payload: HMAC-SHA256 over `timestamp.payload`, one `v1` for each secret that is
 * valid (two while a secret is rotated). Source: docs.stripe.com/webhooks#verify-manually.
 * @param timestamp seconds since 1970
 */
export function signatureHeader(payload: string, secrets: readonly string[], timestamp: number): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex')}`,
  );
  return [`t=${timestamp}`, ...signatures].join(',');
}
