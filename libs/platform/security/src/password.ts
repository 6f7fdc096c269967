import { hash, verify } from '@node-rs/argon2';

export type PasswordHasher = {
  /** Hashes a password with a fresh salt; about 20 ms of a worker thread. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password fits. With no hash (an unknown account) it takes as long as with one and answers false, so
   * that timing tells nobody who has an account.
   */
  verify(password: string, passwordHash: string | undefined): Promise<boolean>;
};

/** OWASP's first choice for argon2id (the library's default variant): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Password hashing off the event loop. */
export const createPasswordHasher = (): PasswordHasher => {
  let decoy: Promise<string> | undefined;
  // Both forms of a composed letter must be the same password, whatever keyboard wrote it.
  const bytesOf = (password: string): string => password.normalize('NFC');

  return {
    hash: (password) => hash(bytesOf(password), COST),
    verify: async (password, passwordHash) => {
      decoy ??= hash('no account has this password', COST);
      const decoyHash = await decoy;
      const fits = await verify(passwordHash ?? decoyHash, bytesOf(password));
      return fits && passwordHash !== undefined;
    },
  };
};
