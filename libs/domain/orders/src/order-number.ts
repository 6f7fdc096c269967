import { invalidInput } from '@cartwright/domain-errors';

/** Crockford's base 32: no I, L, O or U, so numbers can be read out and typed. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX = 'CW-';
const CHARACTERS = 8;
const BYTES = (CHARACTERS * 5) / 8;

/** An order number from random bytes, of which the first five are used: `CW-` and eight characters, 40 bits. */
export function orderNumberFromBytes(bytes: Uint8Array): string {
  if (bytes.length < BYTES) throw invalidInput('An order number needs five bytes');
  let bits = 0n;
  for (const byte of bytes.subarray(0, BYTES)) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let index = 0; index < CHARACTERS; index += 1) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return PREFIX + text;
}

/**
 * What people type, as stored: upper case, look-alikes resolved, the prefix optional, also before a number that begins like
 * it. Undefined when it can't be one.
 */
export function normalizeOrderNumber(input: string): string | undefined {
  const text = input
    .trim()
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .replaceAll('-', '')
    // What is no longer than a number has no prefix.
    .replace(new RegExp(`^CW(?=.{${CHARACTERS}})`), '');
  const valid = text.length === CHARACTERS && [...text].every((character) => ALPHABET.includes(character));
  return valid ? PREFIX + text : undefined;
}
