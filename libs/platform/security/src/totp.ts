import { generateSecret, generateURI, verifySync } from 'otplib';

const PERIOD_SECONDS = 30;
/** A code of the step before or after is taken, too: clocks of phones differ, and typing takes time (RFC 6238, 5.2). */
const SKEW_SECONDS = PERIOD_SECONDS;
const CODE = /^\d{6}$/;
/** RFC 4226 recommends 160 bits. */
const SECRET_BYTES = 20;

export type Totp = {
  /** A new shared secret, in base32 as authenticator apps take it. */
  newSecret(): string;
  /** What a QR code tells an authenticator app: `otpauth://totp/…`. */
  uriOf(options: { secret: string; account: string }): string;
  /**
   * The time step that a code stands for at `now`, undefined when it is of none that is accepted. Whoever accepts a code
   * keeps its step, and refuses that one and all before it from then on: a code is good once (RFC 6238, 5.2).
   */
  stepOf(options: { secret: string; code: string; now: Date }): number | undefined;
};

/** Time-based one-time passwords of RFC 6238, with what every authenticator app knows: SHA-1, six digits, 30 seconds. */
export const createTotp = ({ issuer }: { issuer: string }): Totp => ({
  newSecret: () => generateSecret({ length: SECRET_BYTES }),
  uriOf: ({ secret, account }) =>
    generateURI({ strategy: 'totp', issuer, label: account, secret, period: PERIOD_SECONDS, digits: 6 }),
  stepOf: ({ secret, code, now }) => {
    if (!CODE.test(code)) return undefined;
    const epoch = Math.floor(now.getTime() / 1_000);
    const found = verifySync({ strategy: 'totp', secret, token: code, epoch, epochTolerance: SKEW_SECONDS });
    return found.valid ? Math.floor(epoch / PERIOD_SECONDS) + found.delta : undefined;
  },
});
