import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';

/** Symmetric keys of 256 bits as a JWKS. The first seals; all open, so that keys rotate without losing anything. */
export type EncryptionKeySet = { keys: readonly { kty: 'oct'; kid: string; k: string }[] };

export type SecretBox = {
  /** Encrypts a text that only opens again for the same owner. */
  seal(text: string, owner: string): string;
  /** Throws when it was changed, sealed for somebody else, or with a key that is not there any more. */
  open(sealed: string, owner: string): string;
  /** Whether it was sealed with the key that seals now; what was not is best sealed anew. */
  isCurrent(sealed: string): boolean;
};

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts secrets at rest: AES-256-GCM with a fresh nonce each, as `<kid>.<nonce, text and tag>`. The owner's id is
 * bound in, so that a sealed secret copied to another record is worth nothing there.
 */
export const createSecretBox = ({ keys: { keys } }: { keys: EncryptionKeySet }): SecretBox => {
  const byId = new Map(
    keys.map(({ kid, k }) => {
      const bytes = Buffer.from(k, 'base64url');
      if (bytes.length !== KEY_BYTES) throw new Error(`The encryption key ${kid} has not ${KEY_BYTES} bytes`);
      return [kid, createSecretKey(bytes)];
    }),
  );
  const [current] = keys;
  const sealing = current && byId.get(current.kid);
  if (!sealing) throw new Error('There is no key to encrypt secrets with');

  const kidOf = (sealed: string): string => sealed.slice(0, sealed.lastIndexOf('.'));
  const boundTo = (kid: string, owner: string): Buffer => Buffer.from(`${kid}\0${owner}`);

  return {
    seal: (text, owner) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealing, nonce).setAAD(boundTo(current.kid, owner));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${current.kid}.${sealed.toString('base64url')}`;
    },
    open: (sealed, owner) => {
      const kid = kidOf(sealed);
      const key = byId.get(kid);
      if (!key) throw new Error(`The encryption key ${kid} is not there`);
      const bytes = Buffer.from(sealed.slice(kid.length + 1), 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('A sealed secret is damaged');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(boundTo(kid, owner))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString();
    },
    isCurrent: (sealed) => kidOf(sealed) === current.kid,
  };
};
