/** A second factor in use. */
export interface EnabledTwoFactor {
  /** The shared secret, sealed for the user. */
  readonly secret: string;
  readonly since: Date;
  /** The time step of the last code that was accepted: it and those before it are good no more. */
  readonly lastStep: number;
  /** Hashes of the recovery codes that are left. */
  readonly recoveryCodes: readonly string[];
}

/** A user's second factor. One that is set up asks for nothing until a code has shown that it works. */
export interface TwoFactor {
  readonly pending?: { readonly secret: string };
  readonly enabled?: EnabledTwoFactor;
}

/** How somebody shows that they have the second factor. */
export type SecondFactorProof = { readonly code: string } | { readonly recoveryCode: string };
