import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A random id like Stripe's: a prefix that names the kind, then letters and digits. */
export function randomId(prefix: string, length = 24): string {
  let body = '';
  for (const byte of randomBytes(length)) body += ALPHABET[byte % ALPHABET.length];
  return `${prefix}_${body}`;
}
