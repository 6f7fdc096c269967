import { fingerprint, hashToken } from '@cartwright/platform-security';

/** One intent of a caller: a repetition has the same name and the same fingerprint. */
export interface Intent {
  /** Caller, procedure and key in one, hashed: what is stored tells neither who it was nor the key. */
  readonly id: string;
  readonly procedure: string;
  /** Of the parsed input without the key: two inputs that mean the same have the same one. */
  readonly fingerprint: string;
}

/**
 * Names an intent. `caller` is who may repeat it, such as `user:<id>` or a guest by the hash of a token; `input` is the
 * parsed input without the key. Throws a TypeError for an input without a canonical form (NaN, functions).
 */
export const nameIntent = (given: { caller: string; procedure: string; key: string; input: unknown }): Intent => {
  const { caller, procedure, key, input } = given;
  return {
    // As a list: joined by any sign that a key may hold itself, two intents could share a name.
    id: hashToken(JSON.stringify([caller, procedure, key])),
    procedure,
    fingerprint: fingerprint(input),
  };
};
