import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { createGate } from './gate.ts';

export type PasswordHasher = {
  /** Hashes a password with a fresh salt; about 20 ms of a worker thread. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password fits. With no hash or an empty one (an unknown account, one without a password) it takes as long as with one and answers false, so
   * that timing tells nobody who has an account.
   */
  verify(password: string, passwordHash: string | undefined): Promise<boolean>;
};

/** OWASP's first choice for argon2id (the library's default variant): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** libuv has four threads for all of a process: one at least stays free for files and names. */
const AT_ONCE_MAX = 3;
/** Waiting longer than these take would be a second or two: whoever comes then is told to come back. */
const WAITING_MAX = 100;

/** Password hashing off the event loop, so many at once. Both throw SERVICE_UNAVAILABLE when too many wait already. */
export const createPasswordHasher = (): PasswordHasher => {
  const gate = createGate({ atOnce: Math.min(AT_ONCE_MAX, availableParallelism()), waiting: WAITING_MAX });
  let decoy: Promise<string> | undefined;
  /** Made once; anew when that failed, or nobody could sign in until the process ends. */
  const decoyHash = async (): Promise<string> => {
    decoy ??= hash('no account has this password', COST);
    try {
      return await decoy;
    } catch (error) {
      decoy = undefined;
      throw error;
    }
  };
  // Both forms of a composed letter must be the same password, whatever keyboard wrote it.
  const bytesOf = (password: string): string => password.normalize('NFC');

  return {
    hash: (password) => gate(() => hash(bytesOf(password), COST)),
    verify: async (password, passwordHash) => {
      const other = await decoyHash();
      const isThere = passwordHash !== undefined && passwordHash !== '';
      const fits = await gate(() => verify(isThere ? passwordHash : other, bytesOf(password)));
      return fits && isThere;
    },
  };
};
