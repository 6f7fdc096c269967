import { randomInt } from 'node:crypto';
import { hashToken } from './tokens.ts';

/** Crockford's base 32: no letters that are taken for digits or for each other. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 12;
const COUNT = 10;

/** The form in which codes are compared: people type hyphens or not, capitals or not, O for 0. */
const normalized = (code: string): string =>
  code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');

const newCode = (): string => {
  const text = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return text.replace(/(.{4})(.{4})(.{4})/, '$1-$2-$3');
};

/** Ten codes of 60 bits, each of them good once, to be shown once: `k7q2-…`. */
export const newRecoveryCodes = (): string[] => Array.from({ length: COUNT }, newCode);

/**
 * How a recovery code is stored and found: salted with its owner's id. A fast hash is enough: tries are limited, and 60
 * random bits are too many to go through with a stolen database.
 */
export const hashRecoveryCode = (code: string, owner: string): string => hashToken(`${owner}\0${normalized(code)}`);
